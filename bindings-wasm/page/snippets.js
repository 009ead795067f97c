// The same check in code: Rust, Python, a shell.

/** What was expected, in three languages. */
export function snippets({ nonce, vmId, subscriptionId, clouds, time, given }) {
  return { Rust: rust(), Python: python(), Shell: shell() };

  function rust() {
    const cloud = { public: "Public", usgov: "UsGov", china: "China", germany: "Germany" };
    const at = time === "signing" ? "At::SigningTime" : "now";
    const clock = time === "given" ? `"${given}"` : "clock // this machine's time, as RFC 3339";
    return [
      `use azure_imds::{${time === "signing" ? "At, " : ""}${isPublic() ? "" : "Cloud, "}Expectations, ${nonce ? "Nonce" : "NONCE_NOT_CHECKED"}, SignedDocument, ${time === "signing" ? "" : "Timestamp, "}Verifier};`,
      "",
      ...(time === "signing" ? [] : [`let now = Timestamp::parse_rfc3339(${clock})?;`]),
      `let expected = Expectations::new(${nonce ? `Nonce::new(${text(nonce)})?` : "NONCE_NOT_CHECKED"})`,
      ...(isPublic() ? [] : [`    .clouds(&[${clouds.map((it) => `Cloud::${cloud[it]}`).join(", ")}])?`]),
      ...(vmId ? [`    .vm_id(${text(vmId)})`] : []),
      ...(subscriptionId ? [`    .subscription_id(${text(subscriptionId)})`] : []),
      "    ;",
      "let document = SignedDocument::parse(&answer)?;",
      `let verified = Verifier::default().verify(&document, &expected, ${at})?;`,
      'println!("{}", verified.vm_id());',
    ]
      .join("\n")
      .replace(/\n {4};/, ";");
  }

  function python() {
    const options = [
      nonce ? `nonce=${text(nonce)}` : "nonce=azure_imds.NONCE_NOT_CHECKED",
      time === "signing" && "now=azure_imds.AT_SIGNING_TIME",
      time === "given" && `now=datetime.fromisoformat("${given.replace("Z", "+00:00")}")`,
      !isPublic() && `clouds=[${clouds.map(text).join(", ")}]`,
      vmId && `vm_id=${text(vmId)}`,
      subscriptionId && `subscription_id=${text(subscriptionId)}`,
    ].filter(Boolean);
    return [
      ...(time === "given" ? ["from datetime import datetime", ""] : []),
      "import azure_imds",
      "",
      "document = azure_imds.Verifier().verify(",
      "    answer,",
      ...options.map((it) => `    ${it},`),
      ")",
      "print(document.vm_id)",
    ].join("\n");
  }

  function shell() {
    const quote = (it) => `'${it.replaceAll("'", "'\\''")}'`;
    const options = [
      nonce ? `--nonce ${quote(nonce)}` : "--no-nonce",
      time === "signing" && "--at-signing-time",
      time === "given" && `--at ${given}`,
      ...(isPublic() ? [] : clouds.map((it) => `--cloud ${it}`)),
      vmId && `--vm-id ${quote(vmId)}`,
      subscriptionId && `--subscription-id ${quote(subscriptionId)}`,
    ].filter(Boolean);
    return ["pip install azure-imds", `azure-imds verify document.json ${options.join(" ")}`].join("\n");
  }

  function isPublic() {
    return clouds.length === 1 && clouds[0] === "public";
  }
}

function text(value) {
  return JSON.stringify(value);
}
