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

/**
 * Creates signing keys: the first one, the next one when the current one is old, and another one on
 * request.
 */
final class SigningKeyCommandHandler {
  /** Tolerated difference between the clocks of nodes. */
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

  /** Creates a key if one is due. Idempotent, also on several nodes at once. */
  @CommandHandler
  void maintain(MaintainSigningKeys command) throws Exception {
    keys.lock();
    var now = clock.instant();
    var newest = keys.findNewest();
    if (newest.isEmpty())
      createKey(now); // The first key: there are no tokens yet, so it can sign at once.
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
