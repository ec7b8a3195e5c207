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
  private static final int LANES = 1;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Argon2PasswordEncoder argon2;
  private final Semaphore present;
  private final Semaphore hashing;
  private final long patienceMillis;
  private final String nobodys;

  public PasswordHasher(IdentitySettings.Hashing settings) {
    this.argon2 =
        new Argon2PasswordEncoder(
            SALT_BYTES, HASH_BYTES, LANES, settings.memoryKib(), settings.passes());
    this.hashing = new Semaphore(settings.atOnce());
    this.present = new Semaphore(settings.atOnce() + settings.waiting());
    this.patienceMillis = settings.patience().toMillis();
    this.nobodys = encode("a password that nobody has");
  }

  /** What is stored of a password. Refuses with {@link Busy} when too many want that at once. */
  public String hash(Password password) {
    return inTurn(() -> encode(password.value()));
  }

  /**
   * Whether that was typed. Refuses with {@link Busy} when too many want to know at once.
   *
   * @param hash null for an account that does not exist or has no password
   */
  public boolean matches(String typed, @Nullable String hash) {
    var comparable = Password.comparable(typed);
    return inTurn(() -> argon2.matches(comparable, hash == null ? nobodys : hash)) && hash != null;
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

  private <T> T inTurn(Supplier<T> work) {
    if (!present.tryAcquire()) throw busy();
    try {
      if (!hashing.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) throw busy();
      try {
        return work.get();
      } finally {
        hashing.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    } finally {
      present.release();
    }
  }

  private static RejectionException busy() {
    return new RejectionException(new Busy(RETRY));
  }
}
