// Runs the Node clients: one case each time, named on the command line, whose outcome is written as JSON.
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";
import { azureVmDetector } from "@opentelemetry/resource-detector-azure";
import { detectResources } from "@opentelemetry/resources";

const scope = "https://management.azure.com/.default";
const [name, options] = process.argv.slice(2);

async function tokens(credential) {
  try {
    const token = await credential.getToken(scope);
    const again = await credential.getToken(scope);
    return { token: token.token, expires: token.expiresOnTimestamp, cached: again.token === token.token };
  } catch (error) {
    return { error: error.name, message: error.message };
  }
}

const cases = {
  managed: () => tokens(new ManagedIdentityCredential(JSON.parse(options))),
  default: () => tokens(new DefaultAzureCredential()),
  async detect() {
    const resource = detectResources({ detectors: [azureVmDetector] });
    await resource.waitForAsyncAttributes?.();
    return resource.attributes;
  },
};

console.log(JSON.stringify(await cases[name]()));
