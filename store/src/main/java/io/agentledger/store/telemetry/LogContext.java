package io.agentledger.store.telemetry;

import io.agentledger.api.identity.Provenance;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Logging context of the current thread: {@code tenantId}, and {@code correlationId}, which is
 * shared by all work that one request caused. Closing it restores the previous one.
 */
public final class LogContext implements AutoCloseable {
  public static final String TENANT = "tenantId";
  public static final String CORRELATION = "correlationId";

  private final @Nullable String tenantBefore = MDC.get(TENANT);
  private final @Nullable String correlationBefore = MDC.get(CORRELATION);

  private LogContext(@Nullable String tenant, @Nullable String correlation) {
    set(TENANT, tenant);
    set(CORRELATION, correlation);
  }

  /**
   * Opens the context of a message that is handled; a message without a request is its own
   * correlation.
   */
  public static LogContext open(Map<String, ?> metadata, String messageId) {
    var correlation =
        text(metadata, Provenance.REQUEST).or(() -> text(metadata, Provenance.CORRELATION));
    return new LogContext(
        text(metadata, Provenance.TENANT).orElse(null), correlation.orElse(messageId));
  }

  /** Opens the context of work that continues after its message. */
  public static LogContext open(Provenance provenance) {
    return new LogContext(provenance.tenant().value(), provenance.request());
  }

  private static Optional<String> text(Map<String, ?> metadata, String key) {
    return metadata.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static void set(String key, @Nullable String value) {
    if (value == null) MDC.remove(key);
    else MDC.put(key, value);
  }

  @Override
  public void close() {
    set(TENANT, tenantBefore);
    set(CORRELATION, correlationBefore);
  }
}
