package io.agentledger.api.shared;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A business "no": a stable code, a sentence that is safe to show, and what it is about. */
public sealed interface Rejection {
  /** Stable, snake case; the last part of the problem's type. */
  String code();

  /** One sentence for a person; never content, never a secret. */
  String message();

  /** There is no such thing, or it is not yours: the answer is the same. */
  record NotFound(String what, String id) implements Rejection {
    @Override
    public String code() {
      return what + "_not_found";
    }

    @Override
    public String message() {
      return "There is no " + what.replace('_', ' ') + " " + id + ".";
    }
  }

  /** Not for this caller, whatever it is about. */
  record Forbidden() implements Rejection {
    @Override
    public String code() {
      return "forbidden";
    }

    @Override
    public String message() {
      return "This is not allowed to you.";
    }
  }

  /** There is as much of it as there may be. */
  record TooMany(String what, int most) implements Rejection {
    @Override
    public String code() {
      return "too_many_" + what;
    }

    @Override
    public String message() {
      return "There are " + most + " " + what.replace('_', ' ') + " already, as many as may be.";
    }
  }

  /** As many queries wait as may wait. */
  record QueueFull(int queuedMax, Duration retryAfter) implements Rejection {
    @Override
    public String code() {
      return "queue_full";
    }

    @Override
    public String message() {
      return "The session has a run in progress and " + queuedMax + " queries waiting already.";
    }
  }

  /** The session takes no more queries. */
  record SessionEnded(String state) implements Rejection {
    @Override
    public String code() {
      return "session_" + state;
    }

    @Override
    public String message() {
      return "The session is " + state + ".";
    }
  }

  /** Nobody used the session for long; it can be restored. */
  record SessionExpired(Instant since) implements Rejection {
    @Override
    public String code() {
      return "session_expired";
    }

    @Override
    public String message() {
      return "The session expired on " + since + "; resume or restore it to go on.";
    }
  }

  /** Something is under way in the session. */
  record SessionBusy(Duration retryAfter) implements Rejection {
    @Override
    public String code() {
      return "session_busy";
    }

    @Override
    public String message() {
      return "Something is under way in the session; wait for its end or interrupt it.";
    }
  }

  /** Somebody else, or time, was first. */
  record AlreadySettled(String actionId) implements Rejection {
    @Override
    public String code() {
      return "already_settled";
    }

    @Override
    public String message() {
      return "The pending action " + actionId + " has been settled already, in another way.";
    }
  }

  /** An answer that does not fit what was asked. */
  record WrongKindOfAnswer(String actionId, String expected) implements Rejection {
    @Override
    public String code() {
      return "wrong_kind_of_answer";
    }

    @Override
    public String message() {
      return "The pending action " + actionId + " wants a " + expected + ".";
    }
  }

  /** The input was changed since it was shown. */
  record InputChanged(String actionId) implements Rejection {
    @Override
    public String code() {
      return "input_changed";
    }

    @Override
    public String message() {
      return "The decision is about another input than the one that waits in " + actionId + ".";
    }
  }

  /** The idempotency key was used for something else. */
  record KeyReused(String key) implements Rejection {
    @Override
    public String code() {
      return "idempotency_key_reused";
    }

    @Override
    public String message() {
      return "This Idempotency-Key was used with another request.";
    }
  }

  /** A record of a process that has been replaced; it must stop. */
  record StaleEpoch(long epoch, long current) implements Rejection {
    @Override
    public String code() {
      return "stale_epoch";
    }

    @Override
    public String message() {
      return "Epoch " + epoch + " is over, " + current + " has begun.";
    }
  }

  /** The run is not the session's current one. */
  record NotRunning(String runId) implements Rejection {
    @Override
    public String code() {
      return "not_running";
    }

    @Override
    public String message() {
      return "The run " + runId + " is not in progress.";
    }
  }

  /** A folder that cannot become a workspace. */
  record WorkspaceRefused(String rule, String detail) implements Rejection {
    @Override
    public String code() {
      return "workspace_" + rule;
    }

    @Override
    public String message() {
      return detail;
    }
  }

  /** A file of a workspace is not what the caller saw: look again, then change it. */
  record FileChanged(String path) implements Rejection {
    @Override
    public String code() {
      return "file_changed";
    }

    @Override
    public String message() {
      return "The file " + path + " has been changed meanwhile, or is not there.";
    }
  }

  /** A cursor that we did not make, or not for this list. */
  record BadCursor() implements Rejection {
    @Override
    public String code() {
      return "bad_cursor";
    }

    @Override
    public String message() {
      return "The cursor is not one of this list.";
    }
  }

  /** A projection is behind, or is being filled again: what was asked is not in it yet. */
  record Rebuilding(String projection) implements Rejection {
    @Override
    public String code() {
      return "projection_rebuilding";
    }

    @Override
    public String message() {
      return "The projection " + projection + " is not up to date; ask again in a moment.";
    }
  }

  /** Only with a sandbox may anybody but the local owner run agents. */
  record SandboxNeeded() implements Rejection {
    @Override
    public String code() {
      return "sandbox_needed";
    }

    @Override
    public String message() {
      return "Without a sandbox only the local owner may run agents.";
    }
  }

  /** Another rotation of the master key has not ended. */
  record RotationUnderway() implements Rejection {
    @Override
    public String code() {
      return "rotation_underway";
    }

    @Override
    public String message() {
      return "The master key is being rotated already.";
    }
  }

  /** There is no other master key to rotate to, and none can be made here. */
  record NoOtherMasterKey() implements Rejection {
    @Override
    public String code() {
      return "no_other_master_key";
    }

    @Override
    public String message() {
      return "There is no other master key: give the service a second one first.";
    }
  }

  /** Something is still wrapped with it, or will be. */
  record MasterKeyInUse(String id) implements Rejection {
    @Override
    public String code() {
      return "master_key_in_use";
    }

    @Override
    public String message() {
      return "The master key " + id + " is in use.";
    }
  }

  /** What is archived takes nothing in any more. */
  record Archived(String what, String id) implements Rejection {
    @Override
    public String code() {
      return what + "_archived";
    }

    @Override
    public String message() {
      return "The " + what.replace('_', ' ') + " " + id + " is archived.";
    }
  }

  /** A vault holds as many secrets as it may. */
  record VaultFull(String vaultId, int secretsMax) implements Rejection {
    @Override
    public String code() {
      return "vault_full";
    }

    @Override
    public String message() {
      return "The vault " + vaultId + " holds " + secretsMax + " secrets already.";
    }
  }

  /** A secret keeps its kind, and what it is for, from its first version on. */
  record SecretIsForAnother(String name) implements Rejection {
    @Override
    public String code() {
      return "secret_is_for_another";
    }

    @Override
    public String message() {
      return "The secret "
          + name
          + " is of another kind or for another target; remove it first, or choose another name.";
    }
  }

  /** A secret is larger than secrets may be. */
  record SecretTooLarge(int bytesMax) implements Rejection {
    @Override
    public String code() {
      return "secret_too_large";
    }

    @Override
    public String message() {
      return "A secret may have " + bytesMax + " bytes, all its parts together.";
    }
  }

  /**
   * As much as may be used at a time, or in a time, is in use.
   *
   * @param limit which one, as the quota names it
   * @param max what it allows
   */
  record LimitReached(String limit, long max, Duration retryAfter) implements Rejection {
    @Override
    public String code() {
      return "limit_reached";
    }

    @Override
    public String message() {
      return "The limit " + limit + " of " + max + " is reached.";
    }
  }

  /**
   * The money is spent or held by other runs.
   *
   * @param payer tenant, user or session
   * @param until when there is a new budget; null for a session, which has one for its life
   */
  record BudgetUsedUp(String payer, Money limitUsd, @Nullable Instant until) implements Rejection {
    @Override
    public String code() {
      return "budget_used_up";
    }

    @Override
    public String message() {
      return "The budget of the " + payer + ", " + limitUsd + " dollars, is used up.";
    }
  }

  /**
   * There is no room for it.
   *
   * @param limit which one, as the quota names it
   * @param maxMib what it allows
   */
  record StorageFull(String limit, long maxMib) implements Rejection {
    @Override
    public String code() {
      return "storage_full";
    }

    @Override
    public String message() {
      return "The limit " + limit + " of " + maxMib + " MiB leaves no room for this.";
    }
  }

  /** Somebody else changed it first: look again, then change it. */
  record VersionPassed(String what, long version) implements Rejection {
    @Override
    public String code() {
      return "version_passed";
    }

    @Override
    public String message() {
      return "The " + what + " has been changed meanwhile; its version is " + version + ".";
    }
  }

  /** The same wish was granted before; its secret was shown then, and is not known any more. */
  record AlreadyIssued(String what, String id) implements Rejection {
    @Override
    public String code() {
      return "already_issued";
    }

    @Override
    public String message() {
      return "The " + what + " " + id + " was issued before, and its secret is shown only once.";
    }
  }

  /** What was sent to sign in with, or to prove oneself by, is not right; why not is not told. */
  record WrongCredentials() implements Rejection {
    @Override
    public String code() {
      return "wrong_credentials";
    }

    @Override
    public String message() {
      return "The address or the password is not right.";
    }
  }

  /** Somebody tried too often; whether the account exists is not told. */
  record TooManyAttempts(Duration retryAfter) implements Rejection {
    @Override
    public String code() {
      return "too_many_attempts";
    }

    @Override
    public String message() {
      return "There were too many attempts; try again later.";
    }
  }

  /** As much of that work is being done as may be done at once. */
  record Busy(Duration retryAfter) implements Rejection {
    @Override
    public String code() {
      return "busy";
    }

    @Override
    public String message() {
      return "Too much of this is being done just now; try again in a moment.";
    }
  }

  /** The refresh token is unknown, or its login is over. */
  record LoginOver() implements Rejection {
    @Override
    public String code() {
      return "login_over";
    }

    @Override
    public String message() {
      return "The login is over; sign in again.";
    }
  }

  /** The refresh token was replaced a moment ago: whoever has the answer to that has the next. */
  record RefreshSuperseded() implements Rejection {
    @Override
    public String code() {
      return "refresh_superseded";
    }

    @Override
    public String message() {
      return "Another request has just used this refresh token; go on with what that one got.";
    }
  }

  /** People join by invitation. */
  record RegistrationClosed() implements Rejection {
    @Override
    public String code() {
      return "registration_closed";
    }

    @Override
    public String message() {
      return "Registration is closed; ask an admin for an invitation.";
    }
  }

  /** The invitation's token is unknown, used, revoked or expired. */
  record InvitationOver() implements Rejection {
    @Override
    public String code() {
      return "invitation_over";
    }

    @Override
    public String message() {
      return "The invitation is not valid, or not any more.";
    }
  }

  /** A rule about tenants, people or keys stands against it; the rule is the code. */
  record IdentityRefused(String rule, String detail) implements Rejection {
    @Override
    public String code() {
      return rule;
    }

    @Override
    public String message() {
      return detail;
    }
  }

  /** A policy that says what cannot be held. */
  record PolicyRefused(String rule, String detail) implements Rejection {
    @Override
    public String code() {
      return "policy_refused";
    }

    @Override
    public String message() {
      return "The rule " + rule + " " + detail + ".";
    }
  }

  /** A hook that could never be called. */
  record HookRefused(String field, String detail) implements Rejection {
    @Override
    public String code() {
      return "hook_refused";
    }

    @Override
    public String message() {
      return "The hook's " + field + " " + detail + ".";
    }
  }

  /** Another one has that name. */
  record NameTaken(String what, String name) implements Rejection {
    @Override
    public String code() {
      return "name_taken";
    }

    @Override
    public String message() {
      return "There is a " + what.replace('_', ' ') + " of the name " + name + " already.";
    }
  }

  /** Something else refers to it. */
  record InUse(String what, String by) implements Rejection {
    @Override
    public String code() {
      return what + "_in_use";
    }

    @Override
    public String message() {
      return "The " + what.replace('_', ' ') + " is in use by " + by + ".";
    }
  }

  /** The server cannot be used by sessions as it stands. */
  record McpServerUnusable(String id, String reason) implements Rejection {
    @Override
    public String code() {
      return "mcp_server_unusable";
    }

    @Override
    public String message() {
      return "The MCP server " + id + " cannot be used: " + reason + ".";
    }
  }

  /** What is agreed to is not what was found last; look again and agree to that. */
  record NotAsFound(String id) implements Rejection {
    @Override
    public String code() {
      return "not_as_found";
    }

    @Override
    public String message() {
      return "The MCP server " + id + " was found to be something else; check it and look again.";
    }
  }
}
