package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.DefaultEnvironmentIds;
import io.agentledger.command.support.SessionDefaults;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OwnerKeyAuthenticatorIT extends CommandTestSupport {
  @Autowired NodeHome home;
  @Autowired LocalOwnerTable owners;
  @Autowired SessionDefaults sessionDefaults;
  @Autowired DefaultEnvironmentIds environments;

  private String key() throws IOException {
    return Files.readString(home.root().resolve("owner.key")).strip();
  }

  /** Reads the key as the next start of the service does. */
  private OwnerKeyAuthenticator restarted() {
    return new OwnerKeyAuthenticator(
        owners.findOrCreate(), owners, OwnerKeyFile.inHome(home.root()), home.node());
  }

  private static Optional<Caller> authenticate(Authenticator by, String secret) {
    return by.authenticate(secret).toCompletableFuture().join();
  }

  private static Optional<Caller> authenticate(OwnerKeyAuthenticator by, String secret) {
    return by.authenticate(OwnerKey.sha256(secret));
  }

  @Test
  void keyInTheHomeAuthenticatesTheLocalOwner() throws IOException {
    var caller = authenticate(authenticator, key());
    assertThat(caller).map(Caller::localOwner).contains(true);
    assertThat(key()).matches("alk_[A-Za-z0-9_-]{43}");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.root().resolve("owner.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void otherKeysAreRejected() throws IOException {
    assertThat(authenticate(authenticator, "")).isEmpty();
    assertThat(authenticate(authenticator, key() + "x")).isEmpty();
    assertThat(authenticate(authenticator, OwnerKey.random().secret())).isEmpty();
  }

  @Test
  void databaseDoesNotContainTheKey() throws IOException {
    var rows = sql.sql("select row_to_json(k)::text from local_owner_key k").query(String.class);
    assertThat(rows.list()).hasSize(1).noneMatch(row -> row.contains("alk_"));
  }

  @Test
  void ownerSurvivesARestart() throws IOException {
    assertThat(authenticate(restarted(), key())).isEqualTo(authenticate(authenticator, key()));
  }

  @Test
  void lostKeyIsReplacedAndInvalidated() throws IOException {
    var lost = key();
    var row = owners.findKey(home.node()).orElseThrow();
    var before = authenticate(authenticator, lost).orElseThrow();
    Files.delete(home.root().resolve("owner.key"));
    try {
      var after = restarted();
      assertThat(authenticate(after, lost)).isEmpty();
      var caller = authenticate(after, key()).orElseThrow();
      assertThat(caller.user()).isEqualTo(before.user());
      assertThat(caller.credential()).isNotEqualTo(before.credential());
      assertThat(authenticate(restarted(), key())).contains(caller);
    } finally { // Other classes use the same application context, which has the first key.
      Files.writeString(home.root().resolve("owner.key"), lost);
      sql.sql("update local_owner_key set credential = ?, key_sha256 = ? where node = ?")
          .params(row.credential().value(), row.sha256(), home.node())
          .update();
    }
  }

  @Test
  void permissionsOfAnExposedKeyFileAreRestricted() throws IOException {
    var file = home.root().resolve("owner.key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    restarted();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void malformedKeyFileStopsTheStart() throws IOException {
    var file = home.root().resolve("owner.key");
    var key = key();
    Files.writeString(file, "hello");
    assertThatThrownBy(this::restarted).hasMessageContaining("contains no owner's key");
    Files.writeString(file, key);
  }

  @Test
  void sessionsUseTheOwnersAgentAndEnvironment() {
    var owner = owners.findOrCreate();
    assertThat(sessionDefaults.agent().id()).isEqualTo(owner.agent());
    assertThat(environments.idFor(owner.tenant())).isEqualTo(owner.environment());
    assertThat(sessionDefaults.options().model()).isEqualTo(sessionDefaults.agent().model().id());
  }

  @Test
  void toStringHidesTheKey() {
    assertThat(OwnerKey.random().toString()).isEqualTo("alk_***");
  }
}
