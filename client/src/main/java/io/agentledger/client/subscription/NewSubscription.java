package io.agentledger.client.subscription;

import io.agentledger.api.subscription.SubscriptionFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Subscription to create, or the definition that replaces another one.
 *
 * @param eventTypes names such as {@code run.completed}, {@code run.*} or {@code *}
 * @param filter null: events about objects of the caller
 */
public record NewSubscription(
    String name, List<String> eventTypes, String url, @Nullable SubscriptionFilter filter) {
  Map<String, Object> toBody() {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    body.put("event_types", eventTypes);
    body.put("url", url);
    if (filter != null) body.put("filter", filter);
    return body;
  }
}
