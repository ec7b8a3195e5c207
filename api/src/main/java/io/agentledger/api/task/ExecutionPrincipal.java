package io.agentledger.api.task;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.trigger.TriggerId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * User as whom executions open sessions, with an upper bound of permissions: those of the
 * credential that saved or started the task.
 *
 * @param localOwner whether it was the owner of the installation on its own machine
 */
public record ExecutionPrincipal(UserId userId, Set<Scope> scopes, boolean localOwner) {
  public ExecutionPrincipal {
    scopes = // Always in the same order.
        scopes.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(scopes));
  }

  /** Creates the principal of a caller. */
  public static ExecutionPrincipal of(Caller caller) {
    return new ExecutionPrincipal(caller.user(), caller.scopes(), caller.localOwner());
  }

  /** Returns the same user with the permissions that another principal has, too. */
  public ExecutionPrincipal limitedBy(ExecutionPrincipal other) {
    var common = new HashSet<>(scopes);
    common.retainAll(other.scopes);
    return new ExecutionPrincipal(userId, common, localOwner && other.localOwner);
  }

  /**
   * Returns the principal after a change by a user: the permissions of the user's own change count,
   * after the change of another user those that both have.
   */
  public ExecutionPrincipal changedBy(ExecutionPrincipal editor) {
    return editor.userId.equals(userId) ? editor : limitedBy(editor);
  }

  /**
   * Returns the caller of an execution that a trigger started: the user, acting for the trigger.
   */
  public Caller toCaller(TenantId tenant, Role presentRole, TriggerId trigger) {
    return toCaller(tenant, presentRole, new Actor(Actor.ActorType.TRIGGER, trigger.value()));
  }

  /** Returns the caller of a query of a contact: the user, acting for the channel. */
  public Caller toCaller(TenantId tenant, Role presentRole, ChannelId channel) {
    return toCaller(tenant, presentRole, new Actor(Actor.ActorType.CHANNEL, channel.value()));
  }

  private Caller toCaller(TenantId tenant, Role presentRole, Actor actor) {
    var user = toCaller(tenant, presentRole);
    return new Caller(
        tenant, userId, actor, user.credential(), presentRole, user.scopes(), false, localOwner);
  }

  /** Returns the caller of an execution: the user's present role limits the scopes again. */
  public Caller toCaller(TenantId tenant, Role presentRole) {
    var permitted = EnumSet.noneOf(Scope.class);
    permitted.addAll(scopes);
    if (!localOwner) permitted.retainAll(presentRole.scopes());
    return new Caller(
        tenant,
        userId,
        Actor.ofUser(userId),
        Provenance.SYSTEM,
        presentRole,
        permitted,
        false,
        localOwner);
  }
}
