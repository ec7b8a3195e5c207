package io.agentledger.command.identity.user;

import io.agentledger.api.identity.Secret;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Token that the first admin needs to register from another machine: the same on every node, in
 * {@code setup.token} of the home with mode 600; the log names the file. It is void once a user has
 * registered.
 */
public final class SetupToken {
  private static final Logger log = LoggerFactory.getLogger(SetupToken.class);

  private final AccountTable accounts;
  private final Path file;
  private final String value;

  SetupToken(AccountTable accounts, Path home, byte[] secret) {
    this.accounts = accounts;
    this.file = home.resolve("setup.token");
    this.value = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** Writes the token to a file and logs its path, while the local owner is the only user. */
  public void publish() {
    try {
      if (accounts.firstAdminClaim().isClaimed()) {
        Files.deleteIfExists(file);
        return;
      }
      DurableFiles.write(file, (value + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    log.info(
        "no user has registered yet: from another machine the first admin needs the token in {}",
        file);
  }

  /** Returns whether the presented token is valid; compares in constant time. */
  boolean matches(@Nullable Secret presented) {
    return presented != null
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8),
            presented.value().getBytes(StandardCharsets.UTF_8));
  }
}
