package io.agentledger.gateway.ops;

import io.sentry.Hint;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;
import io.sentry.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reduces a report to the service's constant message, the types of the exceptions, and their stack
 * traces. It removes bodies, headers, cookies, users, and messages of exceptions, which may contain
 * content.
 */
final class SentryEventScrubber implements SentryOptions.BeforeSendCallback {
  private static final String OWN_PACKAGES = "io.agentledger.";
  private static final Set<String> CONTEXTS = Set.of("trace", "runtime", "os");

  @Override
  public SentryEvent execute(SentryEvent event, Hint hint) {
    hint.clearAttachments();
    event.setRequest(null);
    event.setUser(null);
    event.setBreadcrumbs(new ArrayList<>());
    event.setExtras(null);
    event.setTags(null);
    event.setServerName(null);
    event.setModules(null);
    for (var key : List.copyOf(java.util.Collections.list(event.getContexts().keys())))
      if (!CONTEXTS.contains(key)) event.getContexts().remove(key);
    event.setMessage(constantMessage(event));
    var exceptions = event.getExceptions();
    if (exceptions != null) exceptions.forEach(exception -> exception.setValue(null));
    return event;
  }

  /** Keeps messages of the service's own loggers only, because those are constants. */
  private static Message constantMessage(SentryEvent event) {
    var original = event.getMessage();
    var logger = event.getLogger();
    var message = new Message();
    boolean isOwnLogger = logger != null && logger.startsWith(OWN_PACKAGES);
    var text = original == null || !isOwnLogger ? null : original.getMessage();
    message.setMessage(text == null ? "error in " + logger : text);
    message.setFormatted(message.getMessage());
    return message;
  }
}
