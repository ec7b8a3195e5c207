package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.HandOverSession;
import io.agentledger.api.session.command.SessionCommand.ShareSession;
import io.agentledger.api.session.command.SessionCommand.UnshareSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionHandedOver;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.TenantMembership;

/** Whose a session is and with whom it is shared. Wishes that are fulfilled already are silence. */
record SessionSharing(SessionAcl rights, TenantMembership people) {
  /** Whoever may not even see the session is told that there is none. */
  static void authorize(SessionAcl sessionAcl, SessionCommand command, Caller caller) {
    if (!sessionAcl.mayRead(caller))
      throw new RejectionException(new NotFound("session", command.sessionId().value()));
    boolean allowed =
        switch (command) {
          case ShareSession _, UnshareSession _, HandOverSession _, DeleteSession _ ->
              sessionAcl.mayGive(caller);
          default -> sessionAcl.mayWrite(caller);
        };
    if (!allowed) throw new RejectionException(new Forbidden());
  }

  void share(ShareSession wish, TenantId tenant) {
    if (wish.audience() instanceof Audience.Person person) {
      require(tenant, person.user());
      if (person.user().equals(rights.owner())) return; // Nothing is kept from the owner.
      if (rights.of(person) == null && rights.persons().size() >= SessionAcl.PERSONS_MAX)
        throw new RejectionException(new TooMany("shares", SessionAcl.PERSONS_MAX));
    }
    if (rights.of(wish.audience()) != wish.access())
      apply(new SessionShared(wish.sessionId(), wish.audience(), wish.access()));
  }

  void unshare(UnshareSession wish) {
    if (rights.of(wish.audience()) != null)
      apply(new SessionUnshared(wish.sessionId(), wish.audience()));
  }

  void transfer(HandOverSession wish, TenantId tenant) {
    require(tenant, wish.to());
    if (!wish.to().equals(rights.owner()))
      apply(new SessionHandedOver(wish.sessionId(), rights.owner(), wish.to()));
  }

  private void require(TenantId tenant, UserId user) {
    if (!people.isOf(tenant, user))
      throw new RejectionException(new NotFound("user", user.value()));
  }
}
