//! The macro that makes a struct, its reading and its rows out of rows.

/// Defines a record, once for everything that is made of it.
///
/// A row reads `name: kind = "wireName", since, "About it" => "where people stumble", fixed;`. Further spellings of the
/// wire name follow it after `|`; note and `fixed` may be left out. `since` is the first api-version, as text;
/// `unknown`, if no document says; `inherited`, in a record that is found at several places, for that of the place.
/// Sentences have no full stop, and name fields as the service does.
///
/// | kind | here | on the wire |
/// |---|---|---|
/// | `boolean` | `Option<bool>` | boolean |
/// | `flag` | `Option<bool>` | `"true"`, `"false"` |
/// | `integer` | `Option<u64>` | number |
/// | `list(Record)` | `Vec<Record>` | array of objects |
/// | `number` | `Option<u64>` | digits as text |
/// | `record(Record)` | `Record` | object |
/// | `seconds` | `Option<u64>` | number, -1 for unknown |
/// | `seconds_unknown` | `Option<bool>`, derived | the same |
/// | `span` | `Option<Duration>` | digits as text, seconds |
/// | `spelling` | `String`, derived | any; as it was written, never absent |
/// | `text` | `Option<String>` | text |
/// | `texts` | `Vec<String>` | array of texts |
/// | `time(reader)` | `Option<Timestamp>` | text |
/// | `word(Leaf)` | `Option<Leaf>` | text |
/// | `written` | `Option<String>`, derived | text; as it was written |
///
/// After `beside`, an answer has further fields that are not of the service; it is read by `read_rows` and `assemble`,
/// and its form has what its `Beside` says after the rows.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident: $about:literal $(=> $note:literal)? {
        $($field:ident: $kind:ident $(($inner:ident))? = $wire:literal $(| $other:literal)*, $since:tt,
            $field_about:literal $(=> $field_note:literal)? $(, $fixed:ident)?;)+
    }) => {
        #[doc = concat!($about, ".")]
        $(#[doc = ""] #[doc = concat!($note, ".")])?
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = concat!($field_about, ".")]
                $(#[doc = ""] #[doc = concat!($field_note, ".")])?
                #[doc = $crate::metadata::record::record!(@since_doc $since)]
                pub $field: $crate::metadata::record::record!(@type $kind $($inner)?),
            )+
        }

        $crate::metadata::record::record!(@table $name: $about $(=> $note)? {
            $($field: $kind $(($inner))? = $wire $(| $other)*, $since, $field_about $(=> $field_note)? $(, $fixed)?;)+
        });

        impl $crate::metadata::record::Read for $name {
            fn read(
                object: &$crate::metadata::document::Value,
                reader: &mut $crate::metadata::record::Reader,
            ) -> Self {
                Self { $($field: $crate::metadata::record::record!(
                    @read reader object [$wire $(, $other)*] $kind $($inner)?
                ),)+ }
            }
        }
    };
    ($(#[$meta:meta])* $name:ident: $about:literal $(=> $note:literal)? {
        $($field:ident: $kind:ident $(($inner:ident))? = $wire:literal $(| $other:literal)*, $since:tt,
            $field_about:literal $(=> $field_note:literal)? $(, $fixed:ident)?;)+
    } beside {
        $($(#[$beside_meta:meta])* $visibility:vis $beside:ident: $beside_type:ty;)+
    }) => {
        #[doc = concat!($about, ".")]
        $(#[doc = ""] #[doc = concat!($note, ".")])?
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $name {
            $(
                #[doc = concat!($field_about, ".")]
                $(#[doc = ""] #[doc = concat!($field_note, ".")])?
                #[doc = $crate::metadata::record::record!(@since_doc $since)]
                pub $field: $crate::metadata::record::record!(@type $kind $($inner)?),
            )+
            $($(#[$beside_meta])* $visibility $beside: $beside_type,)+
        }

        $crate::metadata::record::record!(@table $name: $about $(=> $note)? {
            $($field: $kind $(($inner))? = $wire $(| $other)*, $since, $field_about $(=> $field_note)? $(, $fixed)?;)+
        } beside);

        impl $name {
            pub(in $crate::metadata) fn read_rows(
                object: &$crate::metadata::document::Value,
                reader: &mut $crate::metadata::record::Reader,
            ) -> ($($crate::metadata::record::record!(@type $kind $($inner)?),)+) {
                ($($crate::metadata::record::record!(@read reader object [$wire $(, $other)*] $kind $($inner)?),)+)
            }

            pub(in $crate::metadata) fn assemble(
                ($($field,)+): ($($crate::metadata::record::record!(@type $kind $($inner)?),)+),
                $($beside: $beside_type,)+
            ) -> Self {
                Self { $($field,)+ $($beside,)+ }
            }
        }
    };
    (@table $name:ident: $about:literal $(=> $note:literal)? {
        $($field:ident: $kind:ident $(($inner:ident))? = $wire:literal $(| $other:literal)*, $since:tt,
            $field_about:literal $(=> $field_note:literal)? $(, $fixed:ident)?;)+
    } $($beside:ident)?) => {
        impl $crate::metadata::record::Sealed for $name {}

        impl $crate::metadata::record::Record for $name {
            const TYPE: &'static $crate::metadata::record::RecordType = &$crate::metadata::record::RecordType {
                name: stringify!($name),
                about: $about,
                note: $crate::metadata::record::record!(@note $($note)?),
                fields: &[$($crate::metadata::record::RecordField {
                    name: stringify!($field),
                    wire_name: $crate::metadata::record::record!(@wire_name $kind $wire),
                    other_names: &[$($other),*],
                    kind: $crate::metadata::record::record!(@kind $kind $($inner)?),
                    wire: $crate::metadata::record::record!(@wire $kind),
                    since: $crate::metadata::record::record!(@since $since),
                    fixed: $crate::metadata::record::record!(@fixed $($fixed)?),
                    required: $crate::metadata::record::record!(@required $kind),
                    about: $field_about,
                    note: $crate::metadata::record::record!(@note $($field_note)?),
                }),+],
                beside: $crate::metadata::record::record!(@beside $($beside)?),
            };

            fn fields(&self) -> $crate::metadata::record::RecordValues {
                $crate::metadata::record::RecordValues::new(
                    stringify!($name),
                    ::alloc::vec![$($crate::metadata::record::Member::new(
                        stringify!($field),
                        $crate::metadata::record::record!(@wire_name $kind $wire),
                        $crate::metadata::record::show::$kind(&self.$field),
                    )),+],
                )
            }

            $($crate::metadata::record::record!(@form $beside);)?
        }

        $crate::metadata::record::has_form!($name);

        const _: () = $crate::metadata::record::accepted(<$name as $crate::metadata::record::Record>::TYPE);
    };
    (@beside) => { &[] };
    (@beside beside) => { <Self as $crate::metadata::record::Beside>::ROWS };
    (@form beside) => {
        fn form(&self) -> $crate::metadata::record::RecordValues {
            $crate::metadata::record::form::with_beside(self)
        }
    };
    (@type boolean) => { Option<bool> };
    (@type flag) => { Option<bool> };
    (@type integer) => { Option<u64> };
    (@type list $inner:ident) => { ::alloc::vec::Vec<$inner> };
    (@type number) => { Option<u64> };
    (@type record $inner:ident) => { $inner };
    (@type seconds) => { Option<u64> };
    (@type seconds_unknown) => { Option<bool> };
    (@type span) => { Option<::core::time::Duration> };
    (@type spelling) => { ::alloc::string::String };
    (@type text) => { Option<::alloc::string::String> };
    (@type texts) => { ::alloc::vec::Vec<::alloc::string::String> };
    (@type time $reader:ident) => { Option<$crate::time::Timestamp> };
    (@type word $inner:ident) => { Option<$inner> };
    (@type written) => { Option<::alloc::string::String> };
    (@kind boolean) => { $crate::metadata::record::RecordKind::Flag };
    (@kind flag) => { $crate::metadata::record::RecordKind::Flag };
    (@kind integer) => { $crate::metadata::record::RecordKind::Number };
    (@kind list $inner:ident) => {
        $crate::metadata::record::RecordKind::List(<$inner as $crate::metadata::record::Record>::TYPE)
    };
    (@kind number) => { $crate::metadata::record::RecordKind::Number };
    (@kind record $inner:ident) => {
        $crate::metadata::record::RecordKind::Record(<$inner as $crate::metadata::record::Record>::TYPE)
    };
    (@kind seconds) => { $crate::metadata::record::RecordKind::Number };
    (@kind seconds_unknown) => { $crate::metadata::record::RecordKind::Flag };
    (@kind span) => { $crate::metadata::record::RecordKind::Number };
    (@kind spelling) => { $crate::metadata::record::RecordKind::Text };
    (@kind text) => { $crate::metadata::record::RecordKind::Text };
    (@kind texts) => { $crate::metadata::record::RecordKind::Texts };
    (@kind time $reader:ident) => { $crate::metadata::record::RecordKind::Time };
    (@kind word $inner:ident) => { $crate::metadata::record::RecordKind::Text };
    (@kind written) => { $crate::metadata::record::RecordKind::Text };
    (@wire boolean) => { $crate::metadata::record::Wire::Bool };
    (@wire flag) => { $crate::metadata::record::Wire::Flag };
    (@wire integer) => { $crate::metadata::record::Wire::Integer };
    (@wire list) => { $crate::metadata::record::Wire::Array };
    (@wire number) => { $crate::metadata::record::Wire::Number };
    (@wire record) => { $crate::metadata::record::Wire::Object };
    (@wire seconds) => { $crate::metadata::record::Wire::Integer };
    (@wire span) => { $crate::metadata::record::Wire::Number };
    (@wire texts) => { $crate::metadata::record::Wire::Texts };
    (@wire $kind:ident) => { $crate::metadata::record::Wire::Text };
    (@wire_name seconds_unknown $wire:literal) => { "" };
    (@wire_name spelling $wire:literal) => { "" };
    (@wire_name written $wire:literal) => { "" };
    (@wire_name $kind:ident $wire:literal) => { $wire };
    (@read $reader:ident $object:ident $names:tt time $read:ident) => { $reader.leaf($object, &$names, $read) };
    (@read $reader:ident $object:ident $names:tt $kind:ident $($inner:ident)?) => { $reader.$kind($object, &$names) };
    (@since inherited) => { $crate::metadata::record::Since::Inherited };
    (@since unknown) => { $crate::metadata::record::Since::Unknown };
    (@since $version:literal) => {
        $crate::metadata::record::Since::Version($crate::metadata::api_version::ApiVersion::literal($version))
    };
    (@since_doc inherited) => { "" };
    (@since_doc unknown) => { "\nNot documented." };
    (@since_doc $version:literal) => { concat!("\nSince ", $version, ".") };
    (@fixed) => { false };
    (@fixed fixed) => { true };
    (@required spelling) => { true };
    (@required $kind:ident) => { false };
    (@note) => { None };
    (@note $note:literal) => { Some($note) };
}

pub(crate) use record;
