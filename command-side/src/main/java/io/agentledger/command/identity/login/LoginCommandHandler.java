package io.agentledger.command.identity.login;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.command.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.command.LoginCommand.RevokeRefreshToken;
import io.agentledger.api.identity.command.LoginCommand.SignOut;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.SignInResult.Refused;
import io.agentledger.api.identity.command.SignInResult.SignedIn;
import io.agentledger.api.identity.command.TokenPair;
import io.agentledger.api.identity.event.LoginEvent.LoginStarted;
import io.agentledger.api.shared.IdentityRejection.LoginExpired;
import io.agentledger.api.shared.IdentityRejection.RefreshSuperseded;
import io.agentledger.api.shared.Rejection;
import io.agentledger.command.identity.login.Login.LoginOwner;
import io.agentledger.command.identity.login.Login.TokenRotation;
import io.agentledger.command.identity.shared.CredentialToken;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.shared.IdentitySettings;
import io.agentledger.command.identity.token.AccessTokenIssuer;
import io.agentledger.command.identity.user.AccountTable;
import io.agentledger.command.identity.user.AccountTable.Account;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;

/** Begins logins, goes on with them, and ends them. */
final class LoginCommandHandler {
  private final Repository<Login> logins;
  private final AccountTable accounts;
  private final LoginTable loginTable;
  private final AccessTokenIssuer tokens;
  private final IdentitySettings settings;
  private final Clock clock;

  LoginCommandHandler(Repository<Login> logins, AccountTable accounts, TokenIssuing issuing) {
    this.logins = logins;
    this.accounts = accounts;
    this.loginTable = issuing.standings();
    this.tokens = issuing.tokens();
    this.settings = issuing.settings();
    this.clock = issuing.clock();
  }

  /** By what and for how long tokens are issued. */
  record TokenIssuing(
      LoginTable standings, AccessTokenIssuer tokens, IdentitySettings settings, Clock clock) {}

  /** Whose password was right, or who has just proved themselves in another way. */
  TokenPair start(Account account) throws Exception {
    var now = clock.instant();
    var login = CredentialId.next();
    var refresh = CredentialToken.of(CredentialToken.Kind.REFRESH_TOKEN, login);
    var started =
        new LoginStarted(
            login,
            account.tenant(),
            account.user(),
            refresh.hash(),
            now.plus(min(settings.refreshFor(), settings.loginFor())),
            now.plus(settings.loginFor()));
    var metaData = EventMetadata.of(account.tenant(), Actor.ofUser(account.user()), login);
    logins.newInstance(() -> new Login(started, metaData));
    return tokens(account, login, refresh, started.refreshUntil());
  }

  @CommandHandler
  SignInResult refresh(RefreshLogin command) throws Exception {
    var shown = refreshToken(command.refreshToken());
    var known = shown.flatMap(this::load);
    if (shown.isEmpty() || known.isEmpty()) return new Refused(new LoginExpired());
    var loginOwner = known.get().invoke(Login::whose);
    var login = new CredentialId(known.get().identifierAsString());
    var account = accounts.find(loginOwner.user());
    if (account.isEmpty() || !account.get().isWelcome() || !loginTable.isLive(login))
      return new Refused(new LoginExpired());
    return refresh(known.get(), shown.get(), account.get(), loginOwner);
  }

  private SignInResult refresh(
      Aggregate<Login> known, CredentialToken shown, Account account, LoginOwner loginOwner)
      throws Exception {
    var login = new CredentialId(known.identifierAsString());
    var token = CredentialToken.of(CredentialToken.Kind.REFRESH_TOKEN, login);
    var tokenRotation =
        new TokenRotation(token, clock.instant(), settings.refreshFor(), settings.refreshGrace());
    var metaData = EventMetadata.of(account.tenant(), Actor.ofUser(account.user()), login);
    return switch (known.invoke(at -> at.refresh(shown, tokenRotation, metaData))) {
      case REFRESHED ->
          new SignedIn(
              tokens(
                  account,
                  login,
                  token,
                  min(tokenRotation.now().plus(settings.refreshFor()), loginOwner.endsAt())));
      case SUPERSEDED -> refusal(new RefreshSuperseded());
      case OVER -> refusal(new LoginExpired());
    };
  }

  private TokenPair tokens(
      Account account, CredentialId login, CredentialToken refresh, Instant refreshUntil) {
    var access = tokens.issue(account.tenant(), account.user(), account.role(), login);
    return new TokenPair(
        account.tenant(),
        account.user(),
        login,
        access.token(),
        access.validity(),
        refresh.secret(),
        refreshUntil);
  }

  private static SignInResult refusal(Rejection why) {
    return new Refused(why);
  }

  /** Says nothing of what it found. */
  @CommandHandler
  void forget(RevokeRefreshToken command) throws Exception {
    var shown = refreshToken(command.refreshToken());
    var known = shown.flatMap(this::load);
    if (shown.isEmpty() || known.isEmpty()) return;
    var loginOwner = known.get().invoke(Login::whose);
    var login = new CredentialId(known.get().identifierAsString());
    var metaData = EventMetadata.of(loginOwner.tenant(), Actor.ofUser(loginOwner.user()), login);
    known.get().invoke(at -> at.endIfKnown(shown.get(), metaData));
  }

  @CommandHandler
  void signOut(SignOut command, Caller caller) {
    load(caller.credential()).ifPresent(login -> login.execute(Login::signOut));
  }

  private static Optional<CredentialToken> refreshToken(Secret secret) {
    return CredentialToken.read(secret.value())
        .filter(read -> read.kind() == CredentialToken.Kind.REFRESH_TOKEN);
  }

  private Optional<Aggregate<Login>> load(CredentialToken shown) {
    return load(new CredentialId(CredentialId.PREFIX + "_" + shown.idBody()));
  }

  /** Empty for what is no login: a key has an id of the same kind. */
  private Optional<Aggregate<Login>> load(CredentialId login) {
    if (!loginTable.isLogin(login)) return Optional.empty();
    try {
      return Optional.of(logins.load(login.value()));
    } catch (AggregateNotFoundException unknown) {
      return Optional.empty();
    }
  }

  private static <T extends Comparable<? super T>> T min(T one, T other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
