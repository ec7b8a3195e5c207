package io.agentledger.projection.audit;

import static io.agentledger.projection.audit.ConfigurationUpdate.none;
import static io.agentledger.projection.audit.ConfigurationUpdate.of;
import static io.agentledger.projection.audit.ConfigurationUpdate.removed;

import io.agentledger.api.agent.AgentEvent;
import io.agentledger.api.channel.ChannelEvent;
import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.flow.SourceIdentityEvent;
import io.agentledger.api.hook.HookEvent;
import io.agentledger.api.identity.event.ApiKeyEvent;
import io.agentledger.api.identity.event.InvitationEvent;
import io.agentledger.api.identity.event.TenantEvent;
import io.agentledger.api.identity.event.UserEvent;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.permission.PolicyEvent;
import io.agentledger.api.permission.ToolGroupEvent;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.report.ReportScheduleEvent;
import io.agentledger.api.report.ReportSettingsEvent;
import io.agentledger.api.report.ReportTemplateEvent;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.api.subscription.SubscriptionEvent;
import io.agentledger.api.task.TaskEvent;
import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.trigger.TriggerEvent;
import io.agentledger.api.vault.VaultEvent;
import java.util.List;
import java.util.Locale;

/**
 * Selects the events that change a configuration. A new event of one of the families does not
 * compile until it has an update.
 */
final class ConfigurationEvents {
  /** Families and single types. */
  static final List<Class<?>> TYPES =
      List.of(
          AgentEvent.class,
          ApiKeyEvent.class,
          ChannelEvent.class,
          EnvironmentEvent.class,
          HookEvent.class,
          InvitationEvent.class,
          McpServerEvent.class,
          PolicyEvent.class,
          ReportScheduleEvent.class,
          ReportSettingsEvent.class,
          ReportTemplateEvent.class,
          SubscriptionEvent.class,
          SourceIdentityEvent.class,
          TaskEvent.class,
          TemplateEvent.class,
          TenantEvent.class,
          ToolGroupEvent.class,
          TriggerEvent.class,
          UserEvent.class,
          VaultEvent.class,
          QuotaEvent.TenantLimitsChanged.class,
          QuotaEvent.UserLimitsChanged.class,
          QuotaEvent.UserLimitsRemoved.class,
          LifecycleEvent.HookAttached.class,
          LifecycleEvent.HookDetached.class,
          LifecycleEvent.SessionShared.class,
          LifecycleEvent.SessionTransferred.class,
          LifecycleEvent.SessionUnshared.class);

  private static final String STATUS = "status";
  private static final String ACTIVE = "active";
  private static final String ARCHIVED = "archived";
  private static final String PAUSED = "paused";

  private static final ClassValue<Boolean> INCLUDED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return TYPES.stream().anyMatch(included -> included.isAssignableFrom(type));
        }
      };

  private final ConfigurationJson json;

  private ConfigurationEvents(String resourceId) {
    this.json = new ConfigurationJson(resourceId);
  }

  /** Returns whether events of the type change a configuration. */
  static boolean include(Class<?> eventType) {
    return INCLUDED.get(eventType);
  }

  /** Returns the update by an event of one of {@link #TYPES}. */
  static ConfigurationUpdate toUpdate(Object event, String resourceId) {
    var events = new ConfigurationEvents(resourceId);
    return switch (event) {
      case AgentEvent agent -> events.update(agent);
      case ApiKeyEvent key -> events.update(key);
      case ChannelEvent channel -> events.update(channel);
      case EnvironmentEvent environment -> events.update(environment);
      case HookEvent hook -> events.update(hook);
      case InvitationEvent invitation -> events.update(invitation);
      case McpServerEvent server -> events.update(server);
      case PolicyEvent policy -> events.update(policy);
      case ReportScheduleEvent schedule -> events.update(schedule);
      case ReportSettingsEvent settings -> events.update(settings);
      case ReportTemplateEvent template -> events.update(template);
      case SubscriptionEvent subscription -> events.update(subscription);
      case SourceIdentityEvent identity -> events.update(identity);
      case TaskEvent task -> events.update(task);
      case TemplateEvent template -> events.update(template);
      case TenantEvent tenant -> events.update(tenant);
      case ToolGroupEvent group -> events.update(group);
      case TriggerEvent trigger -> events.update(trigger);
      case UserEvent user -> events.update(user);
      case VaultEvent vault -> events.update(vault);
      case QuotaEvent quota -> events.update(quota);
      case LifecycleEvent session -> events.update(session);
      default -> none();
    };
  }

  private ConfigurationUpdate update(AgentEvent event) {
    return switch (event) {
      case AgentEvent.AgentCreated _ -> created(event).andFirstVersion();
      case AgentEvent.AgentChanged _ -> changed(event);
      case AgentEvent.AgentArchived _ -> of(STATUS, ARCHIVED);
      case AgentEvent.AgentRestored _ -> created(event);
    };
  }

  private ConfigurationUpdate update(ApiKeyEvent event) {
    return switch (event) {
      case ApiKeyEvent.ApiKeyIssued _ -> created(event);
      case ApiKeyEvent.ApiKeyRotated _ -> changed(event);
      case ApiKeyEvent.ApiKeyRevoked _ -> of(STATUS, "revoked");
      case ApiKeyEvent.ApiKeyExpired _ -> of(STATUS, "expired");
    };
  }

  private ConfigurationUpdate update(ChannelEvent event) {
    return switch (event) {
      case ChannelEvent.ChannelCreated _ -> created(event).andFirstVersion().and(PAUSED, false);
      case ChannelEvent.ChannelChanged _ -> changed(event);
      case ChannelEvent.ChannelPaused _ -> of(PAUSED, true);
      case ChannelEvent.ChannelResumed _ -> of(PAUSED, false);
      case ChannelEvent.ChannelArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(EnvironmentEvent event) {
    String isDefault = "is_default";
    return switch (event) {
      case EnvironmentEvent.EnvironmentCreated _ -> created(event).andFirstVersion();
      case EnvironmentEvent.DefaultEnvironmentCreated _ ->
          created(event).andFirstVersion().and(isDefault, true);
      case EnvironmentEvent.EnvironmentChanged _ -> changed(event);
      case EnvironmentEvent.DefaultEnvironmentChanged _ ->
          of(isDefault, true).andKnown(isDefault, false);
      case EnvironmentEvent.EnvironmentArchived _ -> of(STATUS, ARCHIVED);
      case EnvironmentEvent.EnvironmentRestored _ -> of(STATUS, ACTIVE);
      case EnvironmentEvent.EnvironmentDeleted _ -> of(STATUS, "deleted");
    };
  }

  private ConfigurationUpdate update(HookEvent event) {
    return switch (event) {
      case HookEvent.HookCreated _ -> created(event).andFirstVersion();
      case HookEvent.HookChanged _ -> changed(event);
      case HookEvent.HookArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(InvitationEvent event) {
    return switch (event) {
      case InvitationEvent.UserInvited _ -> changed(event).and(STATUS, "pending");
      case InvitationEvent.InvitationAccepted _ -> of(STATUS, "accepted");
      case InvitationEvent.InvitationRevoked _ -> of(STATUS, "revoked");
    };
  }

  private ConfigurationUpdate update(McpServerEvent event) {
    String approvedDigest = "approved_digest";
    return switch (event) {
      case McpServerEvent.McpServerRegistered _ ->
          changed(event).and("enabled", true).and(STATUS, "unapproved");
      case McpServerEvent.McpServerAttached _, McpServerEvent.McpServerLimitsChanged _ ->
          changed(event);
      case McpServerEvent.McpServerChanged _ ->
          changed(event).and(STATUS, "unapproved").andNull(approvedDigest);
      case McpServerEvent.McpServerEnabled _ -> of("enabled", true);
      case McpServerEvent.McpServerDisabled _ -> of("enabled", false);
      case McpServerEvent.McpServerApproved _ ->
          changed(event).rename("digest", approvedDigest).and(STATUS, ACTIVE);
      case McpServerEvent.McpServerSuspended _ -> of(STATUS, "suspended");
      case McpServerEvent.McpServerArchived _ -> of(STATUS, ARCHIVED);
      case McpServerEvent.McpServerChecked _, McpServerEvent.McpServerCheckFailed _ -> none();
    };
  }

  private ConfigurationUpdate update(PolicyEvent event) {
    return switch (event) {
      case PolicyEvent.PolicyCreated _ -> created(event).andFirstVersion();
      case PolicyEvent.PolicyChanged _ -> changed(event);
      case PolicyEvent.PolicyArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(ReportScheduleEvent event) {
    String pauseReason = "pause_reason";
    return switch (event) {
      case ReportScheduleEvent.ReportScheduleCreated _ -> created(event).and(PAUSED, false);
      case ReportScheduleEvent.ReportScheduleChanged _ -> changed(event);
      case ReportScheduleEvent.ReportSchedulePaused pause ->
          of(PAUSED, true).and(pauseReason, pause.reason());
      case ReportScheduleEvent.ReportScheduleResumed _ ->
          changed(event).and(PAUSED, false).andNull(pauseReason);
      case ReportScheduleEvent.ReportScheduleDeleted _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(SourceIdentityEvent event) {
    return switch (event) {
      case SourceIdentityEvent.SourceIdentityMapped _ -> created(event);
      case SourceIdentityEvent.SourceIdentityRemoved _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(ReportSettingsEvent event) {
    return switch (event) {
      case ReportSettingsEvent.ReportSettingsChanged _ -> changed(event);
    };
  }

  private ConfigurationUpdate update(ReportTemplateEvent event) {
    return switch (event) {
      case ReportTemplateEvent.ReportTemplateCreated _ -> created(event).andFirstVersion();
      case ReportTemplateEvent.ReportTemplateChanged _ -> changed(event);
      case ReportTemplateEvent.ReportTemplateArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(SubscriptionEvent event) {
    String disableReason = "disable_reason";
    return switch (event) {
      case SubscriptionEvent.SubscriptionCreated _ -> created(event).andFirstVersion();
      case SubscriptionEvent.SubscriptionChanged _ -> changed(event);
      case SubscriptionEvent.SigningSecretRotated _ -> changed(event);
      case SubscriptionEvent.SubscriptionPaused _ -> of(STATUS, "paused");
      case SubscriptionEvent.SubscriptionResumed _ -> of(STATUS, ACTIVE).andNull(disableReason);
      case SubscriptionEvent.SubscriptionDisabled disabled ->
          of(STATUS, "disabled").and(disableReason, disabled.reason().wireName());
      case SubscriptionEvent.RedeliveryRequested _ -> none();
      case SubscriptionEvent.SubscriptionDeleted _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(TaskEvent event) {
    String pauseReason = "pause_reason";
    return switch (event) {
      case TaskEvent.TaskCreated _ -> created(event).andFirstVersion().and(PAUSED, false);
      case TaskEvent.TaskChanged _ -> changed(event);
      case TaskEvent.TaskPaused _ -> changed(event).rename("reason", pauseReason).and(PAUSED, true);
      case TaskEvent.TaskResumed _ -> changed(event).and(PAUSED, false).andNull(pauseReason);
      case TaskEvent.TaskArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(TriggerEvent event) {
    return switch (event) {
      case TriggerEvent.TriggerCreated _ -> created(event).andFirstVersion().and(PAUSED, false);
      case TriggerEvent.TriggerChanged _ -> changed(event);
      case TriggerEvent.TriggerPaused _ -> of(PAUSED, true);
      case TriggerEvent.TriggerResumed _ -> of(PAUSED, false);
      case TriggerEvent.TriggerArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(TemplateEvent event) {
    return switch (event) {
      case TemplateEvent.TemplateCreated _ -> created(event).andFirstVersion();
      case TemplateEvent.TemplateChanged _ -> changed(event);
      case TemplateEvent.TemplateArchived _ -> of(STATUS, ARCHIVED);
      case TemplateEvent.TemplateRestored _ -> of(STATUS, ACTIVE);
    };
  }

  private ConfigurationUpdate update(TenantEvent event) {
    String suspended = "suspended";
    return switch (event) {
      case TenantEvent.TenantCreated _ -> changed(event).and(suspended, false);
      case TenantEvent.TenantRenamed _ -> changed(event);
      case TenantEvent.TenantSuspended _ -> of(suspended, true);
      case TenantEvent.TenantResumed _ -> of(suspended, false);
    };
  }

  private ConfigurationUpdate update(ToolGroupEvent event) {
    return switch (event) {
      case ToolGroupEvent.ToolGroupCreated _ -> created(event).andFirstVersion();
      case ToolGroupEvent.ToolGroupChanged _ -> changed(event);
      case ToolGroupEvent.ToolGroupArchived _ -> of(STATUS, ARCHIVED);
    };
  }

  private ConfigurationUpdate update(UserEvent event) {
    return switch (event) {
      case UserEvent.UserRegistered _ -> created(event);
      case UserEvent.UserRenamed _, UserEvent.UserEmailChanged _, UserEvent.UserRoleChanged _ ->
          changed(event);
      case UserEvent.PasswordSet _ -> ConfigurationUpdate.ofSecret("password");
      case UserEvent.UserDisabled _ -> of(STATUS, "disabled");
      case UserEvent.UserEnabled _ -> of(STATUS, ACTIVE);
      case UserEvent.UserLoginsEnded _ -> none();
    };
  }

  private ConfigurationUpdate update(VaultEvent event) {
    return switch (event) {
      case VaultEvent.VaultCreated _ -> created(event);
      case VaultEvent.VaultRenamed _ -> changed(event);
      case VaultEvent.VaultArchived _ -> of(STATUS, ARCHIVED);
      case VaultEvent.SecretPut secret -> changed(event).in(part("secrets", secret.name()));
      case VaultEvent.SecretRemoved secret -> removed(part("secrets", secret.name()));
    };
  }

  private ConfigurationUpdate update(QuotaEvent event) {
    return switch (event) {
      case QuotaEvent.TenantLimitsChanged _ -> changed(event);
      case QuotaEvent.UserLimitsChanged limits -> changed(event).in(part("users", limits.userId()));
      case QuotaEvent.UserLimitsRemoved limits -> removed(part("users", limits.userId()));
      default -> none();
    };
  }

  private ConfigurationUpdate update(LifecycleEvent event) {
    return switch (event) {
      case LifecycleEvent.HookAttached hook -> changed(event).in(part("hooks", hook.hookId()));
      case LifecycleEvent.HookDetached hook -> removed(part("hooks", hook.hookId()));
      case LifecycleEvent.SessionShared share ->
          of("access", share.access().name().toLowerCase(Locale.ROOT))
              .in(part("shares", name(share.audience())));
      case LifecycleEvent.SessionUnshared share -> removed(part("shares", name(share.audience())));
      case LifecycleEvent.SessionTransferred transfer ->
          of("owner_id", transfer.toUserId().value())
              .andKnown("owner_id", transfer.fromUserId().value());
      default -> none();
    };
  }

  private ConfigurationUpdate created(Object event) {
    return changed(event).and(STATUS, ACTIVE);
  }

  private ConfigurationUpdate changed(Object event) {
    return of(json.toObject(event));
  }

  private static String name(Audience audience) {
    return switch (audience) {
      case Audience.Tenant _ -> "tenant";
      case Audience.User user -> user.userId().value();
    };
  }

  private static String part(String list, Id key) {
    return part(list, key.value());
  }

  private static String part(String list, String key) {
    return list + "[" + key + "]";
  }
}
