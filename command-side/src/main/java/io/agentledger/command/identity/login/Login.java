package io.agentledger.command.identity.login;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.LoginEvent.LoginEnded;
import io.agentledger.api.identity.event.LoginEvent.LoginRefreshed;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.CredentialToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * A family of refresh tokens: each is used once and replaced by the next. One that was used before
 * is in two hands, and ends the family; only right after it was replaced it is taken for a race of
 * two requests, and refused without harm.
 */
@Aggregate(type = "Login", snapshotTriggerDefinition = "loginSnapshots")
@Revision("1") // Of the snapshot.
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Login {
  /** How many used tokens it knows again; an older one is refused like one that never was. */
  static final int USED_MAX = 200;

  @AggregateIdentifier private CredentialId id;
  private TenantId tenant;
  private UserId user;
  private String hash;
  private Deque<String> used = new ArrayDeque<>();
  private Instant replacedAt;
  private Instant refreshUntil;
  private Instant endsAt;
  private boolean over;

  Login() {}

  Login(LoginStarted first, MetaData metaData) {
    apply(first, metaData);
  }

  /** What becomes of a refresh token that was shown. */
  enum Verdict {
    REFRESHED,
    /** Another request was quicker. */
    SUPERSEDED,
    /** It is over, or becomes so now. */
    OVER
  }

  /**
   * Whose login it is, and until when.
   *
   * @param endsAt no token counts longer
   */
  record LoginOwner(TenantId tenant, UserId user, Instant endsAt) {}

  LoginOwner whose() {
    return new LoginOwner(tenant, user, endsAt);
  }

  Verdict refresh(CredentialToken shown, TokenRotation tokenRotation, MetaData metaData) {
    if (over || !tokenRotation.now().isBefore(refreshUntil)) return Verdict.OVER;
    if (shown.hashesTo(hash)) {
      apply(
          new LoginRefreshed(id, tokenRotation.token().hash(), tokenRotation.until(endsAt)),
          metaData);
      return Verdict.REFRESHED;
    }
    if (used.stream().noneMatch(shown::hashesTo)) return Verdict.OVER; // Guessed: no harm done.
    boolean justReplaced = shown.hashesTo(used.getLast()) && tokenRotation.isGrace(replacedAt);
    if (justReplaced) return Verdict.SUPERSEDED;
    apply(new LoginEnded(id, EndReason.REUSED), metaData);
    return Verdict.OVER;
  }

  /** The token that would be the next one. */
  record TokenRotation(CredentialToken token, Instant now, Duration validity, Duration grace) {
    private Instant until(Instant endsAt) {
      var until = now.plus(validity);
      return until.isBefore(endsAt) ? until : endsAt;
    }

    private boolean isGrace(Instant replacedAt) {
      return now.isBefore(replacedAt.plus(grace));
    }
  }

  /** Only who has a token of it may say so. */
  boolean endIfKnown(CredentialToken shown, MetaData metaData) {
    boolean known = shown.hashesTo(hash) || used.stream().anyMatch(shown::hashesTo);
    if (known && !over) apply(new LoginEnded(id, EndReason.SIGNED_OUT), metaData);
    return known;
  }

  void signOut() {
    if (!over) apply(new LoginEnded(id, EndReason.SIGNED_OUT));
  }

  @CommandHandler
  void end(EndLogin command, Caller caller) {
    boolean own = user.equals(caller.user());
    if (!tenant.equals(caller.tenant()) || !own && !caller.has(Scope.USERS_WRITE))
      throw new RejectionException(new NotFound("login", id.value()));
    if (!over) apply(new LoginEnded(id, EndReason.REVOKED));
  }

  @EventSourcingHandler
  void on(LoginStarted event, @Timestamp Instant at) {
    id = event.loginId();
    tenant = event.tenantId();
    user = event.userId();
    hash = event.secretHash();
    refreshUntil = event.refreshUntil();
    endsAt = event.endsAt();
    replacedAt = at;
  }

  @EventSourcingHandler
  void on(LoginRefreshed event, @Timestamp Instant at) {
    used.addLast(hash);
    if (used.size() > USED_MAX) used.removeFirst();
    hash = event.secretHash();
    refreshUntil = event.refreshUntil();
    replacedAt = at;
  }

  @EventSourcingHandler
  void on(LoginEnded event) {
    over = true;
  }
}
