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

/** Starts, refreshes and ends logins. */
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
    this.loginTable = issuing.loginTable();
    this.tokens = issuing.tokens();
    this.settings = issuing.settings();
    this.clock = issuing.clock();
  }

  /** Issuer and lifetimes of tokens. */
  record TokenIssuing(
      LoginTable loginTable, AccessTokenIssuer tokens, IdentitySettings settings, Clock clock) {}

  /** Starts a login of a user who was just authenticated by a password or in another way. */
  TokenPair start(Account account) throws Exception {
    var now = clock.instant();
    var login = CredentialId.next();
    var refresh = CredentialToken.generate(CredentialToken.Kind.REFRESH_TOKEN, login);
    var started =
        new LoginStarted(
            login,
            account.tenant(),
            account.user(),
            refresh.hash(),
            now.plus(min(settings.refreshTokenTtl(), settings.loginTtl())),
            now.plus(settings.loginTtl()));
    var metaData = EventMetadata.of(account.tenant(), Actor.ofUser(account.user()), login);
    logins.newInstance(() -> new Login(started, metaData));
    return issueTokens(account, login, refresh, started.refreshExpiresAt());
  }

  @CommandHandler
  SignInResult refresh(RefreshLogin command) throws Exception {
    var token = refreshToken(command.refreshToken());
    var loadedLogin = token.flatMap(this::load);
    if (token.isEmpty() || loadedLogin.isEmpty()) return new Refused(new LoginExpired());
    var loginOwner = loadedLogin.get().invoke(Login::owner);
    var login = new CredentialId(loadedLogin.get().identifierAsString());
    var account = accounts.find(loginOwner.user());
    if (account.isEmpty() || !account.get().canSignIn() || !loginTable.isActive(login))
      return new Refused(new LoginExpired());
    return refresh(loadedLogin.get(), token.get(), account.get(), loginOwner);
  }

  private SignInResult refresh(
      Aggregate<Login> loadedLogin,
      CredentialToken presentedToken,
      Account account,
      LoginOwner loginOwner)
      throws Exception {
    var login = new CredentialId(loadedLogin.identifierAsString());
    var token = CredentialToken.generate(CredentialToken.Kind.REFRESH_TOKEN, login);
    var tokenRotation =
        new TokenRotation(
            token, clock.instant(), settings.refreshTokenTtl(), settings.refreshGracePeriod());
    var metaData = EventMetadata.of(account.tenant(), Actor.ofUser(account.user()), login);
    return switch (loadedLogin.invoke(
        loaded -> loaded.refresh(presentedToken, tokenRotation, metaData))) {
      case REFRESHED ->
          new SignedIn(
              issueTokens(
                  account,
                  login,
                  token,
                  min(tokenRotation.now().plus(settings.refreshTokenTtl()), loginOwner.endsAt())));
      case SUPERSEDED -> refusal(new RefreshSuperseded());
      case EXPIRED -> refusal(new LoginExpired());
    };
  }

  private TokenPair issueTokens(
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

  private static SignInResult refusal(Rejection rejection) {
    return new Refused(rejection);
  }

  /** Ends a login; the caller does not learn whether the token was valid. */
  @CommandHandler
  void endLogin(RevokeRefreshToken command) throws Exception {
    var token = refreshToken(command.refreshToken());
    var loadedLogin = token.flatMap(this::load);
    if (token.isEmpty() || loadedLogin.isEmpty()) return;
    var loginOwner = loadedLogin.get().invoke(Login::owner);
    var login = new CredentialId(loadedLogin.get().identifierAsString());
    var metaData = EventMetadata.of(loginOwner.tenant(), Actor.ofUser(loginOwner.user()), login);
    loadedLogin.get().invoke(loaded -> loaded.endIfKnown(token.get(), metaData));
  }

  @CommandHandler
  void signOut(SignOut command, Caller caller) {
    load(caller.credential()).ifPresent(login -> login.execute(Login::signOut));
  }

  private static Optional<CredentialToken> refreshToken(Secret secret) {
    return CredentialToken.parse(secret.value())
        .filter(token -> token.kind() == CredentialToken.Kind.REFRESH_TOKEN);
  }

  private Optional<Aggregate<Login>> load(CredentialToken token) {
    return load(new CredentialId(CredentialId.PREFIX + "_" + token.idBody()));
  }

  /**
   * Loads a login; empty if the id is not one of a login, because keys have ids of the same type.
   */
  private Optional<Aggregate<Login>> load(CredentialId login) {
    if (!loginTable.exists(login)) return Optional.empty();
    try {
      return Optional.of(logins.load(login.value()));
    } catch (AggregateNotFoundException e) {
      return Optional.empty();
    }
  }

  private static <T extends Comparable<? super T>> T min(T one, T other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
