package io.agentledger.command.identity.user;

import io.agentledger.api.identity.Password;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.IdentitySettings;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * Hashes passwords with Argon2id, with limited concurrency: each hash needs memory and a core, and
 * a waiting caller holds a database connection. A check takes equally long for accounts that exist
 * and that do not.
 */
public final class PasswordHasher {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int PARALLELISM = 1;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Argon2PasswordEncoder argon2;
  private final Semaphore queuePermits;
  private final Semaphore hashingPermits;
  private final long queueTimeoutMillis;
  private final String dummyHash;

  public PasswordHasher(IdentitySettings.Hashing settings) {
    this.argon2 =
        new Argon2PasswordEncoder(
            SALT_BYTES, HASH_BYTES, PARALLELISM, settings.memoryKib(), settings.passes());
    this.hashingPermits = new Semaphore(settings.maxConcurrent());
    this.queuePermits = new Semaphore(settings.maxConcurrent() + settings.queueSize());
    this.queueTimeoutMillis = settings.queueTimeout().toMillis();
    this.dummyHash = encode("a password that nobody has");
  }

  /** Returns the hash to store. Rejects with {@link Busy} if too many callers wait. */
  public String hash(Password password) {
    return withPermit(() -> encode(password.value()));
  }

  /**
   * Returns whether the password matches the hash. Rejects with {@link Busy} if too many callers
   * wait.
   *
   * @param hash null for an account that does not exist or has no password; never matches
   */
  public boolean matches(String password, @Nullable String hash) {
    var comparable = Password.comparable(password);
    return withPermit(() -> argon2.matches(comparable, hash == null ? dummyHash : hash))
        && hash != null;
  }

  /** Returns whether the hash has weaker parameters than the current settings. */
  public boolean isOutdated(String hash) {
    return argon2.upgradeEncoding(hash);
  }

  private String encode(String password) {
    var hash = argon2.encode(password);
    if (hash == null) throw new IllegalStateException("no hash");
    return hash;
  }

  private <T> T withPermit(Supplier<T> work) {
    if (!queuePermits.tryAcquire()) throw busy();
    try {
      if (!hashingPermits.tryAcquire(queueTimeoutMillis, TimeUnit.MILLISECONDS)) throw busy();
      try {
        return work.get();
      } finally {
        hashingPermits.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } finally {
      queuePermits.release();
    }
  }

  private static RejectionException busy() {
    return new RejectionException(new Busy(RETRY_AFTER));
  }
}
