package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.AttachHook;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DetachHook;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.shared.HookRejection.HookRefused;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.ShareRefused;
import io.agentledger.command.support.TenantMembership;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Owner and shares of a session. Commands without effect are ignored. */
record SessionSharing(SessionAcl acl, TenantMembership tenantMembership) {
  /** Checks the access rights of a caller who may see the session. */
  static void authorize(SessionAcl sessionAcl, SessionCommand command, Caller caller) {
    boolean allowed =
        switch (command) {
          case ShareSession _, UnshareSession _, TransferSession _, DeleteSession _ ->
              sessionAcl.canTransfer(caller);
          case AttachHook _, DetachHook _ ->
              sessionAcl.canTransfer(caller) && caller.role() != Role.AGENT;
          default -> sessionAcl.canWrite(caller);
        };
    if (!allowed) throw new RejectionException(new Forbidden());
  }

  /**
   * Rejects hooks of an agent: it could send what it works on to an address of its choice. Rejects
   * the use of a vault by callers who may not change it: they could send its secrets to any path of
   * their servers, or let them sign what they choose. Who opens a session owns it.
   */
  static void requireMayAttach(List<SessionHook> hooks, Optional<Caller> caller) {
    if (hooks.isEmpty()) return;
    if (caller.filter(principal -> principal.role() == Role.AGENT).isPresent())
      throw new RejectionException(new Forbidden());
    boolean mayUseVaults =
        caller.filter(principal -> principal.has(Scope.VAULTS_WRITE)).isPresent();
    if (!mayUseVaults && hooks.stream().anyMatch(SessionSharing::usesVaults))
      throw new RejectionException(
          new HookRefused("secrets", "in hooks of sessions need the scope vaults:write"));
  }

  private static boolean usesVaults(SessionHook hook) {
    return hook.definition().target() instanceof HookTarget.Http http
        && (!http.secrets().isEmpty() || http.signing() instanceof HookTarget.Signing.Signed);
  }

  void share(ShareSession command, TenantId tenant) {
    if (command.audience() instanceof Audience.User user) {
      Role role = requireMember(tenant, user.userId());
      if (command.access() == AccessLevel.WRITE && !role.scopes().contains(Scope.SESSIONS_WRITE))
        throw new RejectionException(
            new ShareRefused(user.userId().value(), role.name().toLowerCase(Locale.ROOT)));
      if (user.userId().equals(acl.ownerId())) return; // The owner may send every command.
      if (acl.accessOf(user) == null && acl.userAccess().size() >= SessionAcl.USERS_MAX)
        throw new RejectionException(new TooMany("shares", SessionAcl.USERS_MAX));
    }
    if (acl.accessOf(command.audience()) != command.access())
      apply(new SessionShared(command.sessionId(), command.audience(), command.access()));
  }

  void unshare(UnshareSession command) {
    if (acl.accessOf(command.audience()) != null)
      apply(new SessionUnshared(command.sessionId(), command.audience()));
  }

  void transfer(TransferSession request, TenantId tenant) {
    requireMember(tenant, request.newOwnerId());
    if (!request.newOwnerId().equals(acl.ownerId()))
      apply(new SessionTransferred(request.sessionId(), acl.ownerId(), request.newOwnerId()));
  }

  private Role requireMember(TenantId tenant, UserId user) {
    return tenantMembership
        .findActiveRole(tenant, user)
        .orElseThrow(() -> new RejectionException(new NotFound("user", user.value())));
  }
}
