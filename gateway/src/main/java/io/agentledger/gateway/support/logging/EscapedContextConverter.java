package io.agentledger.gateway.support.logging;

import ch.qos.logback.classic.pattern.MDCConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Values of the mapped diagnostic context, on one line. */
public final class EscapedContextConverter extends MDCConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return LogTextEscaper.escape(super.convert(event));
  }
}
