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
 * A login: a family of refresh tokens, of which each is used once and then replaced by the next
 * one. A token that is used twice may have been stolen, so the login ends; only shortly after its
 * replacement this is treated as a race of two requests, and rejected without ending the login.
 */
@Aggregate(type = "Login", snapshotTriggerDefinition = "loginSnapshots")
@Revision("1") // Of the snapshot.
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Login {
  /** Number of used tokens that are remembered; an older one is rejected like an unknown token. */
  static final int USED_MAX = 200;

  @AggregateIdentifier private CredentialId id;
  private TenantId tenant;
  private UserId user;
  private String secretHash;
  private Deque<String> usedHashes = new ArrayDeque<>();
  private Instant replacedAt;
  private Instant refreshUntil;
  private Instant endsAt;
  private boolean ended;

  Login() {}

  Login(LoginStarted event, MetaData metaData) {
    apply(event, metaData);
  }

  /** Outcome of the use of a refresh token. */
  enum RefreshOutcome {
    REFRESHED,
    /** A concurrent request has replaced the token. */
    SUPERSEDED,
    /** The login has ended, or ends now. */
    EXPIRED
  }

  /**
   * Owner of a login, and its end.
   *
   * @param endsAt no token is valid after this time
   */
  record LoginOwner(TenantId tenant, UserId user, Instant endsAt) {}

  LoginOwner owner() {
    return new LoginOwner(tenant, user, endsAt);
  }

  RefreshOutcome refresh(CredentialToken token, TokenRotation tokenRotation, MetaData metaData) {
    if (ended || !tokenRotation.now().isBefore(refreshUntil)) return RefreshOutcome.EXPIRED;
    if (token.hashesTo(secretHash)) {
      apply(
          new LoginRefreshed(id, tokenRotation.token().hash(), tokenRotation.refreshUntil(endsAt)),
          metaData);
      return RefreshOutcome.REFRESHED;
    }
    if (usedHashes.stream().noneMatch(token::hashesTo))
      return RefreshOutcome.EXPIRED; // An unknown token does not end the login.
    boolean justReplaced =
        token.hashesTo(usedHashes.getLast()) && tokenRotation.isInGracePeriod(replacedAt);
    if (justReplaced) return RefreshOutcome.SUPERSEDED;
    apply(new LoginEnded(id, EndReason.REUSED), metaData);
    return RefreshOutcome.EXPIRED;
  }

  /** The next token, with the time and durations that its use depends on. */
  record TokenRotation(CredentialToken token, Instant now, Duration validity, Duration grace) {
    private Instant refreshUntil(Instant endsAt) {
      var until = now.plus(validity);
      return until.isBefore(endsAt) ? until : endsAt;
    }

    private boolean isInGracePeriod(Instant replacedAt) {
      return now.isBefore(replacedAt.plus(grace));
    }
  }

  /** Ends the login if the caller has one of its tokens. */
  boolean endIfKnown(CredentialToken token, MetaData metaData) {
    boolean isKnown = token.hashesTo(secretHash) || usedHashes.stream().anyMatch(token::hashesTo);
    if (isKnown && !ended) apply(new LoginEnded(id, EndReason.SIGNED_OUT), metaData);
    return isKnown;
  }

  void signOut() {
    if (!ended) apply(new LoginEnded(id, EndReason.SIGNED_OUT));
  }

  @CommandHandler
  void end(EndLogin command, Caller caller) {
    boolean isOwn = user.equals(caller.user());
    if (!tenant.equals(caller.tenant()) || !isOwn && !caller.has(Scope.USERS_WRITE))
      throw new RejectionException(new NotFound("login", id.value()));
    if (!ended) apply(new LoginEnded(id, EndReason.REVOKED));
  }

  @EventSourcingHandler
  void on(LoginStarted event, @Timestamp Instant at) {
    id = event.loginId();
    tenant = event.tenantId();
    user = event.userId();
    secretHash = event.secretHash();
    refreshUntil = event.refreshExpiresAt();
    endsAt = event.expiresAt();
    replacedAt = at;
  }

  @EventSourcingHandler
  void on(LoginRefreshed event, @Timestamp Instant at) {
    usedHashes.addLast(secretHash);
    if (usedHashes.size() > USED_MAX) usedHashes.removeFirst();
    secretHash = event.secretHash();
    refreshUntil = event.refreshExpiresAt();
    replacedAt = at;
  }

  @EventSourcingHandler
  void on(LoginEnded event) {
    ended = true;
  }
}
