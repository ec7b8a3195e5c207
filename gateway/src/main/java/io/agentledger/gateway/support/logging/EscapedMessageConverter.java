package io.agentledger.gateway.support.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * Messages on one line. The explanation of a failed start keeps its lines: it is written for
 * people, and contains nothing of a client.
 */
public final class EscapedMessageConverter extends MessageConverter {
  private static final String START_FAILURES =
      "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter";

  @Override
  public String convert(ILoggingEvent event) {
    var message = super.convert(event);
    if (message == null || event.getLoggerName().equals(START_FAILURES)) return message;
    return LogTextEscaper.escape(message);
  }
}
