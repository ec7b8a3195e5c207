package io.agentledger.store.event;

import io.agentledger.api.identity.Provenance;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;

/** Copies tenant, actor and cause of a message to the messages that it causes. */
final class ProvenanceCorrelationProvider implements CorrelationDataProvider {
  private static final String[] KEYS =
      Stream.concat(
              Provenance.KEYS.stream(),
              Stream.of(Provenance.IP, Provenance.USER_AGENT, Provenance.TRACEPARENT))
          .toArray(String[]::new);

  @Override
  public Map<String, ?> correlationDataFor(Message<?> message) {
    Map<String, Object> passed = new HashMap<>(message.getMetaData().subset(KEYS));
    passed.putIfAbsent(Provenance.CORRELATION, message.getIdentifier());
    passed.put(Provenance.CAUSATION, message.getIdentifier());
    return passed;
  }
}
