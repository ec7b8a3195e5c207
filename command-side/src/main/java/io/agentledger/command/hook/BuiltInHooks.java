package io.agentledger.command.hook;

import com.google.re2j.Pattern;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.api.vault.CredentialFormat;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Built-in hooks, which are executed in the service. */
final class BuiltInHooks {
  private static final Map<CredentialFormat, Pattern> CREDENTIALS =
      new EnumMap<>(CredentialFormat.class);

  static {
    for (var format : CredentialFormat.values())
      CREDENTIALS.put(format, Pattern.compile(format.pattern()));
  }

  private final MeterRegistry meters;

  BuiltInHooks(MeterRegistry meters) {
    this.meters = meters;
  }

  HookReply call(BuiltInHook builtInHook, HookInvocation invocation) {
    return switch (builtInHook) {
      case AUDIT -> HookReply.of(HookOutcome.PASSED, invocation.subject());
      case METRICS -> {
        meters
            .counter("agentledger.hook.points", "point", invocation.point().wireName())
            .increment();
        yield HookReply.of(HookOutcome.PASSED, "");
      }
      case NOTIFICATION -> HookReply.of(HookOutcome.PASSED, notificationText(invocation.input()));
      case SECRET_SCAN -> scanForCredentials(invocation.input());
    };
  }

  private static String notificationText(JsonNode input) {
    for (String field : new String[] {"message", "last_assistant_message", "prompt", "error"})
      if (input.path(field).isString()) return input.path(field).asString();
    return input.path("tool_name").asString("");
  }

  private static HookReply scanForCredentials(JsonNode input) {
    String text = input.toString();
    for (var credential : CREDENTIALS.entrySet())
      if (credential.getValue().matcher(text).find())
        return HookReply.of(
            HookOutcome.DENIED,
            "it contains a text that looks like " + credential.getKey().description());
    return HookReply.of(HookOutcome.PASSED, "");
  }
}
