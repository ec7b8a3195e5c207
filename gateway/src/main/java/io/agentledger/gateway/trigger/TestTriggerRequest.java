package io.agentledger.gateway.trigger;

import io.agentledger.api.shared.Json;
import io.agentledger.api.trigger.WebhookRequest;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request to show what a payload would start.
 *
 * @param headers headers that the provider would send, as its type of event; none if omitted
 * @param payload body of the webhook, an object
 */
record TestTriggerRequest(
    @Nullable @Size(max = 50, message = "must be at most 50 headers")
        Map<
                @Size(max = 64, message = "must have names of at most 64 characters") String,
                @NotNull(message = "must be a text")
                @Size(max = 1000, message = "must be at most 1000 characters") String>
            headers,
    @NotNull(message = "is required") Json payload) {
  WebhookRequest toRequest() {
    var lowerCase = new HashMap<String, String>();
    if (headers != null)
      headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
    lowerCase.put("content-type", "application/json");
    return new WebhookRequest(lowerCase, payload.text().getBytes(StandardCharsets.UTF_8));
  }
}
