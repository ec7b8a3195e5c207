package io.agentledger.gateway.audit;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.EventFamilies;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SimilarNames;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Names that entries of the audit can have: a filter with another one is rejected, because it would
 * select nothing without a reason that its caller can see.
 */
final class AuditNames {
  private static final SortedSet<String> ACTIONS = actions();

  /** Types of resources: those of aggregates, and the routes of denied requests. */
  static final List<String> RESOURCE_TYPES =
      List.of(
          "access_audit",
          "agent",
          "api_key",
          "channel",
          "chat",
          "environment",
          "execution",
          "flow",
          "hook",
          "inbound_delivery",
          "invitation",
          "login",
          "master_key",
          "mcp_server",
          "policy",
          "quota",
          "report",
          "report_schedule",
          "report_settings",
          "report_template",
          "route",
          "session",
          "sign_in_refusals",
          "signing_key",
          "source_identity",
          "subscription",
          "task",
          "template",
          "tenant",
          "tool_group",
          "trigger",
          "user",
          "user_chat",
          "vault");

  private static final String ACTOR_RULE =
      "must be the id of a user (usr_...), an agent (agt_...), a trigger (trg_...) or a channel"
          + " (chn_...), alone or after its type (such as user:usr_...), or service:agentledger";

  private AuditNames() {}

  private static SortedSet<String> actions() {
    var names = new TreeSet<String>();
    var open = new ArrayDeque<>(EventFamilies.ALL);
    while (!open.isEmpty()) {
      var type = open.remove();
      if (type.isSealed()) open.addAll(List.of(type.getPermittedSubclasses()));
      else if (!type.isAnnotationPresent(NotAudited.class)) names.add(StableNames.of(type));
    }
    return names;
  }

  static @Nullable String requireAction(@Nullable String action) {
    if (action != null && !ACTIONS.contains(action))
      throw InvalidRequestException.parameter(
          "action",
          "must be the name of an event, as listed in docs/events.md"
              + SimilarNames.question(action, ACTIONS).map(question -> "; " + question).orElse(""));
    return action;
  }

  static @Nullable String requireResourceType(@Nullable String type) {
    if (type != null && !RESOURCE_TYPES.contains(type))
      throw InvalidRequestException.parameter(
          "resource_type", "must be one of " + String.join(", ", RESOURCE_TYPES));
    return type;
  }

  static @Nullable String requireActor(@Nullable String actor) {
    if (actor != null && !isActor(actor))
      throw InvalidRequestException.parameter("actor", ACTOR_RULE);
    return actor;
  }

  private static boolean isActor(String text) {
    int colon = text.indexOf(':');
    var id = text.substring(colon + 1);
    for (var type : ActorType.values())
      if (colon < 0 || text.substring(0, colon).equals(type.name().toLowerCase(Locale.ROOT)))
        if (isId(type, id)) return true;
    return false;
  }

  private static boolean isId(ActorType type, String id) {
    try {
      return switch (type) {
        case USER -> !new UserId(id).value().isEmpty();
        case AGENT -> !new AgentId(id).value().isEmpty();
        case SERVICE -> Actor.SERVICE.id().equals(id);
        case TRIGGER -> !new TriggerId(id).value().isEmpty();
        case CHANNEL -> !new ChannelId(id).value().isEmpty();
      };
    } catch (IllegalArgumentException exception) {
      return false;
    }
  }
}
