package io.agentledger.api.shared;

import io.agentledger.api.identity.Scope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** A business rejection: a stable code, a sentence that is safe to show, and its parameters. */
public sealed interface Rejection
    permits Rejection.General,
        ChannelRejection,
        EnvironmentRejection,
        FlowRejection,
        HookRejection,
        IdentityRejection,
        McpRejection,
        OpsRejection,
        PermissionRejection,
        QuotaRejection,
        ReportRejection,
        SessionRejection,
        SubscriptionRejection,
        TaskRejection,
        TriggerRejection,
        VaultRejection,
        WorkspaceRejection {
  /** Returns the stable code in snake case; the last part of the problem's type. */
  String code();

  /** Returns one sentence for users; it never contains content or a secret. */
  String message();

  /** Rejections of all features. */
  sealed interface General extends Rejection {}

  /** The object does not exist, or the caller may not see it; the response is the same. */
  record NotFound(String resourceType, String id) implements General {
    /** Creates the rejection of an id, whose type has a stable name. */
    public static NotFound of(Id id) {
      return new NotFound(StableNames.of(id.getClass()), id.value());
    }

    @Override
    public String code() {
      return resourceType + "_not_found";
    }

    @Override
    public String message() {
      return "There is no "
          + resourceType.replace('_', ' ')
          + (resourceType.equals("rebuild") ? " of the projection " : " ")
          + id
          + (resourceType.equals("projection") ? ". GET /admin/projections lists them." : ".");
    }
  }

  /** The caller is not permitted to perform the operation. */
  record Forbidden() implements General {
    @Override
    public String code() {
      return "forbidden";
    }

    @Override
    public String message() {
      return "You are not allowed to do this.";
    }
  }

  /**
   * The credential has too few scopes.
   *
   * @param missingScopes by their names on the wire, in order
   * @param anyOf whether one of them is enough
   */
  record InsufficientScope(List<String> missingScopes, boolean anyOf) implements General {
    /** Creates a rejection for which each of the scopes is needed. */
    public static InsufficientScope allOf(Collection<Scope> missing) {
      return new InsufficientScope(namesOf(missing), false);
    }

    /** Creates a rejection for which one of the scopes is needed. */
    public static InsufficientScope anyOf(Scope... missing) {
      return new InsufficientScope(namesOf(List.of(missing)), missing.length > 1);
    }

    private static List<String> namesOf(Collection<Scope> scopes) {
      return scopes.stream().sorted().map(Scope::wireName).toList();
    }

    @Override
    public String code() {
      return "forbidden";
    }

    @Override
    public String message() {
      return "The credential lacks "
          + (anyOf ? "one of the scopes " : missingScopes.size() > 1 ? "the scopes " : "the scope ")
          + String.join(", ", missingScopes)
          + ". Use one that has "
          + (missingScopes.size() > 1 && !anyOf ? "them." : "it.");
    }
  }

  /** The maximum number of objects of a type is reached. */
  record TooMany(String resourceType, int max) implements General {
    @Override
    public String code() {
      return "too_many_" + resourceType;
    }

    @Override
    public String message() {
      return "There are "
          + max
          + " "
          + resourceType.replace('_', ' ')
          + ", which is the maximum. "
          + cure();
    }

    private String cure() {
      return switch (resourceType) {
        case "session_hooks" -> "DELETE /sessions/{id}/hooks/{hook_id} detaches one.";
        case "progress_streams" -> "Close the connection of one: GET /reports/{id}/progress.";
        case "playbacks" -> "Close the connection of one: GET /sessions/{id}/playback.";
        case "chat_streams" -> "Close one: GET /chats/events, /ws, or chats.events of RSocket.";
        case "downloads" -> "The node reads no more reports at a time; repeat the request.";
        case "file_downloads", "archive_downloads", "report_downloads" ->
            "They are your downloads on this node; wait until one of them has ended.";
        case "shares" -> "DELETE /sessions/{id}/shares/{user_id} removes one.";
        case "own_reports" ->
            "DELETE /reports/{id} removes one; GET /report-settings shows how long they are kept.";
        case "open_reports" ->
            "Wait until one of them has ended; POST /reports/{id}/cancel cancels one.";
        case "side_requests" ->
            "Wait for an answer: GET /sessions/{id}/side-requests lists those of the session.";
        case "flows" -> "Wait until some have ended; POST /flows/{id}/cancel cancels one.";
        case "executions" ->
            "Wait until some have ended; POST /executions/{id}/cancel cancels one.";
        case "mcp_servers" -> "Select fewer servers; PUT /sessions/{id}/tools replaces them.";
        default -> "DELETE /" + resourceType.replace('_', '-') + "/{id} removes one.";
      };
    }
  }

  /** The idempotency key was used for another request. */
  record IdempotencyKeyReused(String key) implements General {
    @Override
    public String code() {
      return "idempotency_key_reused";
    }

    @Override
    public String message() {
      return "This Idempotency-Key was used for a different request; use another one for this.";
    }
  }

  /** The cursor was not created by this service, or belongs to another list. */
  record InvalidCursor() implements General {
    @Override
    public String code() {
      return "invalid_cursor";
    }

    @Override
    public String message() {
      return "The cursor does not belong to this list. Leave it out, or repeat the filters of the page"
          + " that returned it.";
    }
  }

  /** The object is archived and does not accept changes. */
  record Archived(String resourceType, String id) implements General {
    @Override
    public String code() {
      return resourceType + "_archived";
    }

    @Override
    public String message() {
      return "The "
          + resourceType.replace('_', ' ')
          + " "
          + id
          + " is archived. "
          + switch (resourceType) {
            case "agent", "environment", "template" ->
                "POST " + listPath(resourceType) + "/{id}/restore restores it.";
            default -> "POST " + listPath(resourceType) + " creates another one.";
          };
    }
  }

  /** Another request has changed the object; the client has to read it again before the change. */
  record VersionConflict(String resourceType, long currentVersion) implements General {
    @Override
    public String code() {
      return "version_conflict";
    }

    @Override
    public String message() {
      return "The version of the "
          + resourceType.replace('_', ' ')
          + " is "
          + currentVersion
          + "; read it again before the change.";
    }
  }

  /** The same request was granted before; its secret was shown then and is not stored. */
  record AlreadyIssued(String resourceType, String id) implements General {
    @Override
    public String code() {
      return "already_issued";
    }

    @Override
    public String message() {
      return "The "
          + resourceType
          + " "
          + id
          + " was issued already; its secret is shown only once. Revoke it with DELETE "
          + listPath(resourceType)
          + "/{id}, and create another one with a new Idempotency-Key.";
    }
  }

  /** The maximum number of concurrent operations of this kind is reached. */
  record Busy(Duration retryAfter) implements General {
    @Override
    public String code() {
      return "busy";
    }

    @Override
    public String message() {
      return "Too many requests of this kind are in progress; try again in a moment.";
    }
  }

  /** Another object has this name. */
  record NameTaken(String resourceType, String name) implements General {
    @Override
    public String code() {
      return "name_taken";
    }

    @Override
    public String message() {
      return "Another "
          + resourceType.replace('_', ' ')
          + " already has the name "
          + name
          + ". Choose another one; archived ones keep theirs, and GET "
          + listPath(resourceType)
          + " lists the others.";
    }
  }

  /** Another agent has this name. */
  record AgentNameTaken(String name) implements General {
    @Override
    public String code() {
      return "agent_name_taken";
    }

    @Override
    public String message() {
      return "Another agent already has the name "
          + name
          + ". Choose another one; GET /agents?name= returns the agent if you can see it.";
    }
  }

  /** Another object refers to it. */
  record InUse(String resourceType, String usedBy) implements General {
    @Override
    public String code() {
      return resourceType + "_in_use";
    }

    @Override
    public String message() {
      return "The "
          + resourceType.replace('_', ' ')
          + " is in use by "
          + usedBy
          + ". "
          + (resourceType.equals("environment")
              ? "POST /environments/{id}/archive keeps it from new sessions."
              : "Remove it there first; GET /policies lists the policies.");
    }
  }

  /** Returns the path of the list of a type: {@code /tool-groups} for {@code tool_group}. */
  private static String listPath(String resourceType) {
    return switch (resourceType) {
      case "api_key" -> "/keys";
      case "policy" -> "/policies";
      case "source_identity" -> "/source-identities";
      default -> "/" + resourceType.replace('_', '-') + "s";
    };
  }
}
