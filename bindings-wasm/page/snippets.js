// The same check in code: Rust, Python, JavaScript, a shell.

/** What was expected, in four languages. */
export function snippets(asked) {
  const filled = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ""));
  const { nonce, vmId, subscriptionId, sku, plan, maxAge, clouds, time, given } = filled;
  const isPublic = clouds.length === 1 && clouds[0] === "public";
  return { Rust: rust(), Python: python(), JavaScript: javaScript(), Shell: shell() };

  function rust() {
    const cloud = { public: "Public", usgov: "UsGov", china: "China", germany: "Germany" };
    const clock = time === "given" ? `"${given}"` : "clock";
    const attested = [time === "signing" && "At", plan && "Plan"].filter(Boolean);
    const names = [
      !isPublic && "Cloud",
      "Expectations",
      nonce ? "Nonce" : "NONCE_NOT_CHECKED",
      "SignedDocument",
      time !== "signing" && "Timestamp",
      "Verifier",
    ];
    const parts = plan && Object.entries(plan).map(([part, it]) => `${part}: ${rustText(it)}.into()`);
    const calls = [
      !isPublic && `.clouds(&[${clouds.map((it) => `Cloud::${cloud[it]}`).join(", ")}])?`,
      maxAge && `.max_age(${maxAge})`,
      vmId && `.vm_id(${rustText(vmId)})`,
      subscriptionId && `.subscription_id(${rustText(subscriptionId)})`,
      sku && `.sku(${rustText(sku)})`,
      plan && `.plan(Plan { ${parts.join(", ")} })`,
    ];
    return lines(
      attested.length > 0 &&
        `use azure_imds::attested::${attested.length > 1 ? `{${attested.join(", ")}}` : attested[0]};`,
      `use azure_imds::{${names.filter(Boolean).join(", ")}};`,
      "",
      time !== "signing" && time !== "given" && "// clock: this machine's time, as RFC 3339",
      time !== "signing" && `let now = Timestamp::parse_rfc3339(${clock})?;`,
      [
        `let expected = Expectations::new(${nonce ? `Nonce::new(${rustText(nonce)})?` : "NONCE_NOT_CHECKED"})`,
        ...calls.filter(Boolean),
      ].join("\n    ") + ";",
      "let document = SignedDocument::parse(&answer)?;",
      `let verified = Verifier::default().verify(&document, &expected, ${time === "signing" ? "At::SigningTime" : "now"})?;`,
      'println!("{}", verified.vm_id());',
    );
  }

  function python() {
    const parts = plan && Object.entries(plan).map(([part, it]) => `${part}=${text(it)}`);
    return lines(
      time === "given" && "from datetime import datetime\n",
      "import azure_imds",
      "",
      "document = azure_imds.Verifier().verify(",
      "    answer,",
      nonce ? `    nonce=${text(nonce)},` : "    nonce=azure_imds.NONCE_NOT_CHECKED,",
      time === "signing" && "    now=azure_imds.AT_SIGNING_TIME,",
      time === "given" && `    now=datetime.fromisoformat("${given.replace("Z", "+00:00")}"),`,
      !isPublic && `    clouds=[${clouds.map(text).join(", ")}],`,
      maxAge && `    max_age=${maxAge},`,
      vmId && `    vm_id=${text(vmId)},`,
      subscriptionId && `    subscription_id=${text(subscriptionId)},`,
      sku && `    sku=${text(sku)},`,
      plan && `    plan=azure_imds.Plan(${parts.join(", ")}),`,
      ")",
      "print(document.vm_id)",
    );
  }

  function javaScript() {
    const names = [time === "signing" && "AT_SIGNING_TIME", !nonce && "NONCE_NOT_CHECKED", "Verifier"];
    const parts = plan && Object.entries(plan).map(([part, it]) => `${part}: ${text(it)}`);
    return lines(
      `import { ${names.filter(Boolean).join(", ")} } from "azure-imds";`,
      "",
      "const document = await new Verifier().verify(answer, {",
      nonce ? `  nonce: ${text(nonce)},` : "  nonce: NONCE_NOT_CHECKED,",
      time === "signing" && "  now: AT_SIGNING_TIME,",
      time === "given" && `  now: new Date("${given}"),`,
      !isPublic && `  clouds: [${clouds.map(text).join(", ")}],`,
      maxAge && `  maxAge: ${maxAge},`,
      vmId && `  vmId: ${text(vmId)},`,
      subscriptionId && `  subscriptionId: ${text(subscriptionId)},`,
      sku && `  sku: ${text(sku)},`,
      plan && `  plan: { ${parts.join(", ")} },`,
      "});",
      "console.log(document.vmId);",
    );
  }

  function shell() {
    const quote = (it) => `'${it.replaceAll("'", "'\\''")}'`;
    const options = [
      nonce ? `--nonce ${quote(nonce)}` : "--no-nonce",
      time === "signing" && "--at-signing-time",
      time === "given" && `--at ${given}`,
      ...(isPublic ? [] : clouds.map((it) => `--cloud ${it}`)),
      maxAge && `--max-age ${maxAge}`,
      vmId && `--vm-id ${quote(vmId)}`,
      subscriptionId && `--subscription-id ${quote(subscriptionId)}`,
      sku && `--sku ${quote(sku)}`,
      plan && `--plan ${[plan.name, plan.product, plan.publisher].map(quote).join(" ")}`,
    ].filter(Boolean);
    return lines("pip install azure-imds", ["azure-imds verify document.json", ...options].join(" \\\n  "));
  }
}

/** Lines, without those that are of no use. */
function lines(...given) {
  return given.filter((it) => typeof it === "string").join("\n");
}

/** A text as Python and JavaScript write it. */
function text(value) {
  return JSON.stringify(value);
}

/** A text as Rust writes it: its escapes are others. */
function rustText(value) {
  const escapes = { b: "\\u{8}", f: "\\u{c}" };
  return text(value).replace(/\\(?:u([0-9a-f]{4})|(.))/g, (whole, code, other) =>
    code ? `\\u{${code}}` : (escapes[other] ?? whole),
  );
}
