package io.agentledger.gateway.support.logging;

import ch.qos.logback.classic.pattern.KeyValuePairConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Key-value pairs of a log event, on one line. */
public final class EscapedKeyValueConverter extends KeyValuePairConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return LogTextEscaper.escape(super.convert(event));
  }
}
