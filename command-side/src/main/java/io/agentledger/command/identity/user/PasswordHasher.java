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
 * Argon2id, so much of it at a time and no more: each hash costs memory and a core, and who waits
 * for one holds a connection of the database. Takes as long for an account that does not exist as
 * for one that does.
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

  /** What is stored of a password. Refuses with {@link Busy} when too many want that at once. */
  public String hash(Password password) {
    return withPermit(() -> encode(password.value()));
  }

  /**
   * Whether that was typed. Refuses with {@link Busy} when too many want to know at once.
   *
   * @param hash null for an account that does not exist or has no password
   */
  public boolean matches(String password, @Nullable String hash) {
    var comparable = Password.comparable(password);
    return withPermit(() -> argon2.matches(comparable, hash == null ? dummyHash : hash))
        && hash != null;
  }

  /** Whether it was hashed with less than is asked for today. */
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
