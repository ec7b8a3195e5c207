package io.agentledger.command.support;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.subscription.IssuedSubscription;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.vault.MasterKeyId;
import io.agentledger.api.vault.VaultId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stored names of the types that commands with an idempotency key return. */
public final class IdempotencyAnswers {
  private static final Map<String, Class<?>> TYPES =
      Stream.<Class<?>>of(
              AgentId.class,
              CheckpointId.class,
              CredentialId.class,
              ChannelId.class,
              ChatMessageId.class,
              EnvironmentId.class,
              ExecutionId.class,
              FlowId.class,
              HookId.class,
              Integer.class,
              IssuedApiKey.class,
              IssuedInvitation.class,
              IssuedSubscription.class,
              Long.class,
              MasterKeyId.class,
              McpServerId.class,
              PolicyId.class,
              ReportId.class,
              ReportScheduleId.class,
              ReportTemplateId.class,
              SessionId.class,
              SourceIdentityId.class,
              SubmitResult.class,
              TaskId.class,
              TriggerId.class,
              TemplateId.class,
              TenantId.class,
              ToolGroupId.class,
              VaultId.class)
          .collect(Collectors.toUnmodifiableMap(IdempotencyAnswers::nameOf, type -> type));

  private IdempotencyAnswers() {}

  /** Returns all stored names. */
  public static List<String> names() {
    return TYPES.keySet().stream().sorted().toList();
  }

  /** Returns whether a command with an idempotency key may return the type. */
  public static boolean contains(Class<?> type) {
    return TYPES.containsValue(type);
  }

  /**
   * Returns the stored name of a type.
   *
   * @throws IllegalStateException if the type is not listed here
   */
  static String nameOf(Object answer) {
    var name = nameOf(answer.getClass());
    if (!TYPES.containsKey(name))
      throw new IllegalStateException("not listed as an answer: " + answer.getClass());
    return name;
  }

  private static String nameOf(Class<?> type) {
    if (type == Integer.class) return "integer";
    return type == Long.class ? "long" : StableNames.of(type);
  }

  /** Returns the type with a stored name. */
  static Class<?> typeOf(String name) {
    var type = TYPES.get(name);
    if (type == null) throw new IllegalStateException("no answer has the name " + name);
    return type;
  }
}
