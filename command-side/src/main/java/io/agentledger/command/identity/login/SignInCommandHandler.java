package io.agentledger.command.identity.login;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.LoginCommand.SignIn;
import io.agentledger.api.identity.command.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.command.SignInResult;
import io.agentledger.api.identity.command.SignInResult.Refused;
import io.agentledger.api.identity.command.SignInResult.SignedIn;
import io.agentledger.api.identity.command.SignInResult.StaysSignedIn;
import io.agentledger.api.identity.command.UserCommand.ChangePassword;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.LoginEvent.RefusalReason;
import io.agentledger.api.shared.IdentityRejection.TooManyAttempts;
import io.agentledger.api.shared.IdentityRejection.WrongCredentials;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.user.AccountTable;
import io.agentledger.command.identity.user.AccountTable.Account;
import io.agentledger.command.identity.user.PasswordHasher;
import io.agentledger.command.identity.user.User;
import java.util.List;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Aggregate;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Checks passwords at sign-in. Every failure has the same response and takes the same time; its
 * reason is recorded.
 */
final class SignInCommandHandler {
  private final LoginCommandHandler logins;
  private final Repository<User> users;
  private final AccountTable accounts;
  private final PasswordHasher passwordHasher;
  private final SignInThrottle throttle;
  private final SignInRefusalRecorder refusals;

  SignInCommandHandler(
      LoginCommandHandler logins, Repository<User> users, PasswordChecking checking) {
    this.logins = logins;
    this.users = users;
    this.accounts = checking.accounts();
    this.passwordHasher = checking.passwordHasher();
    this.throttle = checking.throttle();
    this.refusals = checking.refusals();
  }

  /** Services that check a password. */
  record PasswordChecking(
      AccountTable accounts,
      PasswordHasher passwordHasher,
      SignInThrottle throttle,
      SignInRefusalRecorder refusals) {}

  /** Attempt to sign in with a password. */
  private record SignInAttempt(
      byte[] accountDigest, Optional<Account> account, String password, RequestSource source) {
    @Nullable String hash() {
      return account.map(Account::hash).orElse(null);
    }
  }

  @CommandHandler
  SignInResult signIn(SignIn command, MetaData metadata) throws Exception {
    var digest = accounts.digest(command.email());
    var attempt =
        new SignInAttempt(
            digest,
            accounts.find(digest),
            command.password().value(),
            EventMetadata.source(metadata));
    var refusal = check(attempt);
    if (refusal.isPresent()) return refusal.get();
    return new SignedIn(logins.start(attempt.account().orElseThrow()));
  }

  private Optional<Refused> check(SignInAttempt attempt) throws Exception {
    var wait = throttle.countAttempt(attempt.accountDigest(), attempt.source());
    if (wait.isPresent())
      return refusal(attempt, RefusalReason.TOO_MANY_ATTEMPTS, new TooManyAttempts(wait.get()));
    boolean right = passwordHasher.matches(attempt.password(), attempt.hash());
    if (!right) return refusal(attempt, RefusalReason.WRONG_PASSWORD, new WrongCredentials());
    var account = attempt.account().orElseThrow();
    if (account.disabled())
      return refusal(attempt, RefusalReason.USER_DISABLED, new WrongCredentials());
    if (account.suspended())
      return refusal(attempt, RefusalReason.TENANT_SUSPENDED, new WrongCredentials());
    throttle.resetAfterSuccess(attempt.accountDigest(), attempt.source());
    var hash = attempt.hash();
    if (hash != null && passwordHasher.isOutdated(hash)) upgradeHash(account, attempt.password());
    return Optional.empty();
  }

  /**
   * Hashes the password again with the current parameters. An old password may violate the current
   * rules.
   */
  private void upgradeHash(Account account, String password) {
    try {
      accounts.setHash(account.user(), passwordHasher.hash(new Password(password)));
    } catch (IllegalArgumentException e) {
      return; // The old hash stays until its owner changes the password.
    }
  }

  private Optional<Refused> refusal(
      SignInAttempt attempt, RefusalReason reason, Rejection rejection) throws Exception {
    if (attempt.account().isPresent())
      refusals.recordRefusal(attempt.account().get(), reason, attempt.source());
    else refusals.recordUnknownAccount(attempt.source());
    return Optional.of(new Refused(rejection));
  }

  @CommandHandler
  SignInResult change(ChangePassword command, Caller caller, MetaData metadata) throws Exception {
    var user = load(command.userId());
    if (!user.invoke(existing -> existing.isSelf(caller))) throw notFound(command.userId());
    var attempt =
        new SignInAttempt(
            accounts.mac("change\0" + command.userId()),
            accounts.find(command.userId()),
            command.currentPassword().value(),
            EventMetadata.source(metadata));
    var refusal = check(attempt);
    if (refusal.isPresent()) return refusal.get();
    accounts.setHash(command.userId(), passwordHasher.hash(command.newPassword()));
    user.execute(existing -> existing.recordPasswordChanged(List.of(caller.credential())));
    return new StaysSignedIn();
  }

  @CommandHandler
  void signOutEverywhere(SignOutEverywhere command, Caller caller) {
    load(command.userId())
        .execute(
            user -> {
              user.checkTenant(caller);
              if (!user.isSelf(caller) && !caller.has(Scope.USERS_WRITE)) throw user.notFound();
              user.endLogins(
                  user.isSelf(caller) ? EndReason.SIGNED_OUT_EVERYWHERE : EndReason.REVOKED,
                  List.of());
            });
  }

  private Aggregate<User> load(UserId user) {
    try {
      return users.load(user.value());
    } catch (AggregateNotFoundException e) {
      throw notFound(user);
    }
  }

  private static RejectionException notFound(UserId user) {
    return new RejectionException(new NotFound("user", user.value()));
  }
}
