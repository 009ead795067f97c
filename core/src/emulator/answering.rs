//! The way of a request: read, placed, checked, and then played with, throttled or served.

use alloc::string::ToString as _;
use alloc::sync::Arc;
use core::time::Duration;

use super::fault::Hand;
use super::incoming::{self, Absurd, Delivery, Incoming, Moment, Reply, Target};
use super::part::{Backend, Part};
use super::random::uuid;
use super::render::Style;
use super::serve::Admitted;
use super::{Emulator, FAULT_HEADER, route};
use crate::error::UsageError;
use crate::http::{Headers, Response};

impl Emulator {
    pub(super) fn answer(&mut self, now: Moment, request: &Incoming) -> Reply {
        let request_id = uuid(&mut self.request_ids);
        let target = match incoming::read(request, self.choices.plus_is_space) {
            Ok(target) => target,
            Err(absurd) => return self.absurd(now, absurd, &request_id),
        };
        let place = route::place(&target);
        if place.part == Part::Emulator {
            let page = self.own_page(request, &place);
            let mut headers = Headers::from_iter([("Content-Type", page.kind)]);
            if let Some(methods) = page.allow {
                headers.append("Allow", methods);
            }
            let response = Response { status: page.status, headers, body: page.body };
            return Reply { response, delivery: Delivery::default(), part: place.part, fault: None };
        }
        self.metadata(now, request, &target, &request_id)
    }

    fn metadata(&mut self, now: Moment, request: &Incoming, target: &Target, request_id: &str) -> Reply {
        let place = route::place(target);
        let choices = Arc::clone(&self.choices);
        let style =
            Style { backend: place.backend, text: target.parameter("format") == Some("text"), choices: &choices };
        let checked = route::check(request, target, &place, &style, &choices);
        let (hand, malformed) = self.hand(now, request, place.part, checked.is_ok());
        let mut delay = hand.delay();
        let mut response = match hand.stand_in() {
            // It never got to the service.
            Some(response) => response,
            None => {
                let asked = Admitted { now, request, target, place, hand: &hand };
                let answered = match (malformed, hand.status(), checked) {
                    (Some(error), ..) => style.error(400, &error.to_string()),
                    (None, Some(status), _) => style.of_status(status),
                    (None, None, Err(refusal)) => refusal,
                    (None, None, Ok(())) if !self.throttle.admit(now.instant, place.part.is_identity()) => {
                        style.throttled()
                    }
                    (None, None, Ok(())) => {
                        delay = delay.saturating_add(self.service_time(place.part));
                        if place.part.is_identity() {
                            self.throttle.occupy(now.instant, delay);
                        }
                        self.serve(&asked, &style)
                    }
                };
                hand.played(answered).finished(place.backend, now.wall, request_id, &choices)
            }
        };
        if request.method == "HEAD" {
            response.body.clear();
        }
        let delivery = Delivery { delay, ending: hand.ending(&response.body) };
        Reply { response, delivery, part: place.part, fault: hand.step }
    }

    /// The fault for this request: that of its header field, else the playbook's if the request is one to be served.
    fn hand(&mut self, now: Moment, request: &Incoming, part: Part, is_checked: bool) -> (Hand, Option<UsageError>) {
        if self.choices.fault_header
            && let Some(text) = request.headers.first(FAULT_HEADER)
        {
            return match text.parse() {
                Ok(step) => (Hand { step: Some(step) }, None),
                Err(error) => (Hand::default(), Some(error)),
            };
        }
        let step = if is_checked { self.playbook.next(part, now.instant) } else { None };
        (Hand { step }, None)
    }

    fn absurd(&self, now: Moment, absurd: Absurd, request_id: &str) -> Reply {
        let style = Style { backend: Backend::Instance, text: false, choices: &self.choices };
        let choice = &self.choices.absurd;
        let answered = style.error(choice.status, &alloc::format!("{}: {}", choice.message, absurd.reason()));
        let response = answered.finished(Backend::Instance, now.wall, request_id, &self.choices);
        Reply { response, delivery: Delivery::default(), part: Part::Other, fault: None }
    }

    fn service_time(&mut self, part: Part) -> Duration {
        if part.is_identity() {
            return self.choices.identity_delay;
        }
        if part == Part::ScheduledEvents && !self.events_were_asked {
            self.events_were_asked = true;
            return self.choices.first_events_delay;
        }
        self.choices.other_delay
    }
}
