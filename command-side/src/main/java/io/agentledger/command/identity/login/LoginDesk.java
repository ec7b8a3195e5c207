package io.agentledger.command.identity.login;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.LoginCommand.ForgetLogin;
import io.agentledger.api.identity.LoginCommand.RefreshLogin;
import io.agentledger.api.identity.LoginCommand.SignOut;
import io.agentledger.api.identity.LoginEvent.LoginStarted;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.SignInAnswer;
import io.agentledger.api.identity.SignInAnswer.Refused;
import io.agentledger.api.identity.SignInAnswer.SignedIn;
import io.agentledger.api.identity.Tokens;
import io.agentledger.api.shared.IdentityRejection.LoginOver;
import io.agentledger.api.shared.IdentityRejection.RefreshSuperseded;
import io.agentledger.api.shared.Rejection;
import io.agentledger.command.identity.ground.IdentitySettings;
import io.agentledger.command.identity.ground.Minted;
import io.agentledger.command.identity.ground.Stamp;
import io.agentledger.command.identity.login.Login.Next;
import io.agentledger.command.identity.login.Login.Whose;
import io.agentledger.command.identity.people.Accounts;
import io.agentledger.command.identity.people.Accounts.Account;
import io.agentledger.command.identity.token.AccessTokenIssuer;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;

/** Begins logins, goes on with them, and ends them. */
final class LoginDesk {
  private final Repository<Login> logins;
  private final Accounts accounts;
  private final Standings standings;
  private final AccessTokenIssuer tokens;
  private final IdentitySettings settings;
  private final Clock clock;

  LoginDesk(Repository<Login> logins, Accounts accounts, Issuing issuing) {
    this.logins = logins;
    this.accounts = accounts;
    this.standings = issuing.standings();
    this.tokens = issuing.tokens();
    this.settings = issuing.settings();
    this.clock = issuing.clock();
  }

  /** By what and for how long tokens are issued. */
  record Issuing(
      Standings standings, AccessTokenIssuer tokens, IdentitySettings settings, Clock clock) {}

  /** Whose password was right, or who has just proved themselves in another way. */
  Tokens start(Account account) throws Exception {
    var now = clock.instant();
    var login = KeyId.next();
    var refresh = Minted.of(Minted.Kind.REFRESH_TOKEN, login);
    var started =
        new LoginStarted(
            login,
            account.tenant(),
            account.user(),
            refresh.hash(),
            now.plus(min(settings.refreshFor(), settings.loginFor())),
            now.plus(settings.loginFor()));
    var by = Stamp.of(account.tenant(), Actor.person(account.user()), login);
    logins.newInstance(() -> new Login(started, by));
    return tokens(account, login, refresh, started.refreshUntil());
  }

  @CommandHandler
  SignInAnswer refresh(RefreshLogin command) throws Exception {
    var shown = refreshToken(command.refreshToken());
    var known = shown.flatMap(this::load);
    if (shown.isEmpty() || known.isEmpty()) return new Refused(new LoginOver());
    var whose = known.get().invoke(Login::whose);
    var login = new KeyId(known.get().identifierAsString());
    var account = accounts.find(whose.user());
    if (account.isEmpty() || !account.get().isWelcome() || !standings.isLive(login))
      return new Refused(new LoginOver());
    return refresh(known.get(), shown.get(), account.get(), whose);
  }

  private SignInAnswer refresh(Aggregate<Login> known, Minted shown, Account account, Whose whose)
      throws Exception {
    var login = new KeyId(known.identifierAsString());
    var token = Minted.of(Minted.Kind.REFRESH_TOKEN, login);
    var next = new Next(token, clock.instant(), settings.refreshFor(), settings.refreshGrace());
    var by = Stamp.of(account.tenant(), Actor.person(account.user()), login);
    return switch (known.invoke(at -> at.refresh(shown, next, by))) {
      case REFRESHED ->
          new SignedIn(
              tokens(
                  account,
                  login,
                  token,
                  min(next.now().plus(settings.refreshFor()), whose.endsAt())));
      case SUPERSEDED -> refused(new RefreshSuperseded());
      case OVER -> refused(new LoginOver());
    };
  }

  private Tokens tokens(Account account, KeyId login, Minted refresh, Instant refreshUntil) {
    var access = tokens.issue(account.tenant(), account.user(), account.role(), login);
    return new Tokens(
        account.tenant(),
        account.user(),
        login,
        access.token(),
        access.validity(),
        refresh.secret(),
        refreshUntil);
  }

  private static SignInAnswer refused(Rejection why) {
    return new Refused(why);
  }

  /** Says nothing of what it found. */
  @CommandHandler
  void forget(ForgetLogin command) throws Exception {
    var shown = refreshToken(command.refreshToken());
    var known = shown.flatMap(this::load);
    if (shown.isEmpty() || known.isEmpty()) return;
    var whose = known.get().invoke(Login::whose);
    var login = new KeyId(known.get().identifierAsString());
    var by = Stamp.of(whose.tenant(), Actor.person(whose.user()), login);
    known.get().invoke(at -> at.forget(shown.get(), by));
  }

  @CommandHandler
  void signOut(SignOut command, Caller caller) {
    load(caller.credential()).ifPresent(login -> login.execute(Login::signOut));
  }

  private static Optional<Minted> refreshToken(Secret secret) {
    return Minted.read(secret.value()).filter(read -> read.kind() == Minted.Kind.REFRESH_TOKEN);
  }

  private Optional<Aggregate<Login>> load(Minted shown) {
    return load(new KeyId(KeyId.PREFIX + "_" + shown.idBody()));
  }

  /** Empty for what is no login: a key has an id of the same kind. */
  private Optional<Aggregate<Login>> load(KeyId login) {
    if (!standings.isLogin(login)) return Optional.empty();
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
