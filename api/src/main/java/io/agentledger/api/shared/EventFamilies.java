package io.agentledger.api.shared;

import io.agentledger.api.agent.AgentEvent;
import io.agentledger.api.audit.AuditEvent;
import io.agentledger.api.channel.ChannelEvent;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.chat.UserChatEvent;
import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.flow.FlowEvent;
import io.agentledger.api.flow.SourceIdentityEvent;
import io.agentledger.api.hook.HookEvent;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.permission.PolicyEvent;
import io.agentledger.api.permission.ToolGroupEvent;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.report.ReportScheduleEvent;
import io.agentledger.api.report.ReportSettingsEvent;
import io.agentledger.api.report.ReportTemplateEvent;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.subscription.SubscriptionEvent;
import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.api.task.TaskEvent;
import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.trigger.InboundDeliveryEvent;
import io.agentledger.api.trigger.TriggerEvent;
import io.agentledger.api.vault.MasterKeyEvent;
import io.agentledger.api.vault.VaultEvent;
import java.util.List;

/** Sealed families of events in {@code api} that are stored. */
public final class EventFamilies {
  /** All families. */
  public static final List<Class<?>> ALL =
      List.of(
          SessionEvent.class,
          IdentityEvent.class,
          QuotaEvent.class,
          VaultEvent.class,
          TemplateEvent.class,
          AgentEvent.class,
          MasterKeyEvent.class,
          EnvironmentEvent.class,
          PolicyEvent.class,
          ToolGroupEvent.class,
          HookEvent.class,
          McpServerEvent.class,
          TaskEvent.class,
          ExecutionEvent.class,
          TriggerEvent.class,
          InboundDeliveryEvent.class,
          FlowEvent.class,
          SourceIdentityEvent.class,
          UserChatEvent.class,
          ChannelEvent.class,
          ChatEvent.class,
          ReportEvent.class,
          ReportScheduleEvent.class,
          ReportSettingsEvent.class,
          ReportTemplateEvent.class,
          SubscriptionEvent.class,
          AuditEvent.class);

  private EventFamilies() {}
}
