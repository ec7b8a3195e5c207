package io.agentledger.command.hook;

import com.google.re2j.Pattern;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookTarget.BuiltInHook;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Built-in hooks, which are executed in the service. */
final class BuiltInHooks {
  /**
   * Patterns of credentials. They match prefixes that are specific to an issuer, to avoid false
   * matches.
   */
  private static final Map<String, Pattern> CREDENTIALS = new LinkedHashMap<>();

  static {
    CREDENTIALS.put(
        "a private key", Pattern.compile("-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"));
    CREDENTIALS.put("an AWS key", Pattern.compile("\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"));
    CREDENTIALS.put(
        "a GitHub token",
        Pattern.compile("\\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})"));
    CREDENTIALS.put("a GitLab token", Pattern.compile("\\bglpat-[A-Za-z0-9_-]{20}"));
    CREDENTIALS.put("a Slack token", Pattern.compile("\\bxox[abposr]-[A-Za-z0-9-]{10}"));
    CREDENTIALS.put("an Anthropic key", Pattern.compile("\\bsk-ant-[A-Za-z0-9_-]{20}"));
    CREDENTIALS.put("a Google key", Pattern.compile("\\bAIza[0-9A-Za-z_-]{35}"));
    CREDENTIALS.put("a Stripe key", Pattern.compile("\\b[rs]k_live_[0-9a-zA-Z]{24}"));
    CREDENTIALS.put(
        "a token",
        Pattern.compile("\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10}"));
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
            HookOutcome.DENIED, "it contains a text that looks like " + credential.getKey());
    return HookReply.of(HookOutcome.PASSED, "");
  }
}
