package io.agentledger.store.event;

import io.agentledger.api.identity.Provenance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;

/** Copies tenant, actor and cause of a message to the messages that it causes. */
final class ProvenanceCorrelationProvider implements CorrelationDataProvider {
  private static final List<String> KEYS =
      Stream.concat(
              Provenance.KEYS.stream(),
              Stream.of(Provenance.IP, Provenance.USER_AGENT, Provenance.TRACEPARENT))
          .toList();

  @Override
  public Map<String, ?> correlationDataFor(Message<?> message) {
    var metadata = message.getMetaData();
    var passed = new HashMap<String, Object>();
    for (String key : KEYS) {
      Object value = metadata.get(key);
      if (value != null) passed.put(key, value);
    }
    passed.putIfAbsent(Provenance.CORRELATION, message.getIdentifier());
    passed.put(Provenance.CAUSATION, message.getIdentifier());
    return passed;
  }
}
