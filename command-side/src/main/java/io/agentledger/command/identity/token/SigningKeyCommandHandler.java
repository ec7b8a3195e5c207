package io.agentledger.command.identity.token;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.command.SigningKeyCommand.MaintainSigningKeys;
import io.agentledger.api.identity.command.SigningKeyCommand.RotateSigningKey;
import io.agentledger.api.identity.event.SigningKeyEvent.SigningKeyCreated;
import io.agentledger.command.identity.shared.IdentitySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;

/** Makes signing keys: the first one, the next when one is old, and another when it is wished. */
final class SigningKeyCommandHandler {
  /** For clocks that do not agree. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final SigningKeyTable keys;
  private final Repository<SigningKey> repository;
  private final IdentitySettings settings;
  private final Clock clock;

  SigningKeyCommandHandler(
      SigningKeyTable keys,
      Repository<SigningKey> repository,
      IdentitySettings settings,
      Clock clock) {
    this.keys = keys;
    this.repository = repository;
    this.settings = settings;
    this.clock = clock;
  }

  @CommandHandler
  CredentialId rotate(RotateSigningKey command) throws Exception {
    keys.lock();
    return createKey(clock.instant().plus(settings.signingKeyLeadTime()));
  }

  /** Twice is once, on any number of nodes. */
  @CommandHandler
  void maintain(MaintainSigningKeys command) throws Exception {
    keys.lock();
    var now = clock.instant();
    var newest = keys.findNewest();
    if (newest.isEmpty())
      createKey(now); // The first: nobody has a token, so nobody needs to know it.
    else if (!newest.get().signsFrom().plus(settings.signingKeyTtl()).isAfter(now))
      createKey(now.plus(settings.signingKeyLeadTime()));
    keys.purge(now);
  }

  private CredentialId createKey(Instant signsFrom) throws Exception {
    var id = CredentialId.next();
    keys.add(id, clock.instant(), signsFrom, signsFrom.plus(settings.accessTokenTtl()).plus(SKEW));
    repository.newInstance(() -> new SigningKey(new SigningKeyCreated(id, signsFrom)));
    return id;
  }
}
