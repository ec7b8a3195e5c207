package io.agentledger.api.shared;

import io.agentledger.api.identity.Scope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** A business "no": a stable code, a sentence that is safe to show, and what it is about. */
public sealed interface Rejection
    permits Rejection.General,
        EnvironmentRejection,
        HookRejection,
        IdentityRejection,
        McpRejection,
        OpsRejection,
        PermissionRejection,
        QuotaRejection,
        SessionRejection,
        VaultRejection,
        WorkspaceRejection {
  /** Stable, snake case; the last part of the problem's type. */
  String code();

  /** One sentence for a person; never content, never a secret. */
  String message();

  /** Of any feature. */
  sealed interface General extends Rejection {}

  /** There is no such thing, or it is not yours: the answer is the same. */
  record NotFound(String resourceType, String id) implements General {
    /** Rejection of an id, whose type has a stable name. */
    public static NotFound of(Id id) {
      return new NotFound(StableNames.of(id.getClass()), id.value());
    }

    @Override
    public String code() {
      return resourceType + "_not_found";
    }

    @Override
    public String message() {
      return "There is no " + resourceType.replace('_', ' ') + " " + id + ".";
    }
  }

  /** Not for this caller, whatever it is about. */
  record Forbidden() implements General {
    @Override
    public String code() {
      return "forbidden";
    }

    @Override
    public String message() {
      return "This is not allowed to you.";
    }
  }

  /**
   * Not for this credential, which has too few scopes.
   *
   * @param missingScopes by their names on the wire, in order
   * @param anyOf whether one of them is enough
   */
  record InsufficientScope(List<String> missingScopes, boolean anyOf) implements General {
    /** Each of them is needed. */
    public static InsufficientScope allOf(Collection<Scope> missing) {
      return new InsufficientScope(namesOf(missing), false);
    }

    /** One of them is needed. */
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

  /** There is as much of it as there may be. */
  record TooMany(String resourceType, int max) implements General {
    @Override
    public String code() {
      return "too_many_" + resourceType;
    }

    @Override
    public String message() {
      return "There are " + max + " " + resourceType.replace('_', ' ') + ", which is the maximum.";
    }
  }

  /** The idempotency key was used for something else. */
  record IdempotencyKeyReused(String key) implements General {
    @Override
    public String code() {
      return "idempotency_key_reused";
    }

    @Override
    public String message() {
      return "This Idempotency-Key was used for a different request.";
    }
  }

  /** A cursor that we did not make, or not for this list. */
  record InvalidCursor() implements General {
    @Override
    public String code() {
      return "invalid_cursor";
    }

    @Override
    public String message() {
      return "The cursor does not belong to this list.";
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
      return "The " + resourceType.replace('_', ' ') + " " + id + " is archived.";
    }
  }

  /** Somebody else changed it first: look again, then change it. */
  record VersionConflict(String resourceType, long currentVersion) implements General {
    @Override
    public String code() {
      return "version_conflict";
    }

    @Override
    public String message() {
      return "The " + resourceType + " has changed; its version is now " + currentVersion + ".";
    }
  }

  /** The same wish was granted before; its secret was shown then, and is not known any more. */
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
          + " was issued already; its secret is shown only once.";
    }
  }

  /** As much of that work is being done as may be done at once. */
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

  /** Another one has that name. */
  record NameTaken(String resourceType, String name) implements General {
    @Override
    public String code() {
      return "name_taken";
    }

    @Override
    public String message() {
      return "Another " + resourceType.replace('_', ' ') + " already has the name " + name + ".";
    }
  }

  /** Something else refers to it. */
  record InUse(String resourceType, String usedBy) implements General {
    @Override
    public String code() {
      return resourceType + "_in_use";
    }

    @Override
    public String message() {
      return "The " + resourceType.replace('_', ' ') + " is in use by " + usedBy + ".";
    }
  }
}
