// Passkeys: what the server asked goes to the browser, what the device answers goes back with the form.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const described = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

function parsed(asked) {
  const options = { ...asked, challenge: toBytes(asked.challenge) };
  if (asked.user) options.user = { ...asked.user, id: toBytes(asked.user.id) };
  if (asked.excludeCredentials) options.excludeCredentials = described(asked.excludeCredentials);
  if (asked.allowCredentials) options.allowCredentials = described(asked.allowCredentials);
  return options;
}

function answered(credential) {
  const { response } = credential;
  const said = { clientDataJSON: toText(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = toText(response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function options(form) {
  if (form.dataset.passkey !== "ask") return JSON.parse(form.querySelector("#asked").textContent);
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
  return answer.json();
}

async function answer(form) {
  const publicKey = parsed(await options(form));
  const made = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  form.elements.credential.value = answered(made);
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const said = form.querySelector("[data-said]");
    said.textContent = "";
    if (form.elements.name && !form.elements.name.value.trim()) {
      form.submit();
      return;
    }
    try {
      await answer(form);
      form.submit();
    } catch {
      said.textContent = form.dataset.failed;
    }
  });
}
