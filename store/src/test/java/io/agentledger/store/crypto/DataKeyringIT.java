package io.agentledger.store.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import io.agentledger.api.content.Content;
import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.store.StoreTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Tests of a separate keyring in the service's database, in which nothing is wrapped at the
 * beginning of a test.
 */
class DataKeyringIT extends StoreTestSupport {
  @TempDir Path home;
  @Autowired MasterKeys masterKeys;

  private DataKeyTable table;
  private Path master;

  @BeforeEach
  void clearKeyring() {
    sql.update("delete from keyring.session_key");
    sql.update("delete from keyring.master_key");
    table = new DataKeyTable(newPool());
    master = home.resolve("master.json");
  }

  private HikariConfig newPool() {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.getJdbcUrl());
    pool.setUsername(database.getUsername());
    pool.setPassword(database.getPassword());
    return pool;
  }

  /** Restores the service's own master key. */
  @AfterEach
  void close() {
    table.close();
    sql.update("delete from keyring.session_key");
    sql.update("delete from keyring.master_key");
    sql.update(
        "insert into keyring.master_key (id, status) values (?, 'primary')",
        masterKeys.primary().id());
  }

  private DataKeyring keyring() {
    var names = new MasterKeyTable(table.dataSource());
    var source = new FileMasterKeySource(master);
    return new DataKeyring(
        table, new MasterKeys(names, source, List.of(WrappedSecretTable.KEYRING), "node"));
  }

  /** A backend that waits for the lock does not notice that its client is gone. */
  @Test
  void keyIsNotMadeAgainIfTheDatabaseDoesNotRespond() throws SQLException {
    table.close();
    HikariConfig pool = newPool();
    pool.addDataSourceProperty("socketTimeout", "1");
    table = new DataKeyTable(pool);
    Sealer sealer = newSealer();
    try (Connection owner = asOwner();
        Statement statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      statement.execute("lock table keyring.session_key in share row exclusive mode");
      assertThatThrownBy(() -> sealer.seal(SessionId.next(), EVENT, "answers", "x"))
          .satisfies(failure -> assertThat(DatabaseOutage.findCause(failure)).isPresent());
      assertThat(
              sql.queryForObject(
                  """
                  select count(pg_terminate_backend(pid)) from pg_stat_activity
                  where wait_event_type = 'Lock' and query like 'insert into keyring.session_key%'
                  """,
                  Integer.class))
          .isEqualTo(1);
      owner.rollback();
    }
  }

  private Sealer newSealer() {
    return new AeadSealer(keyring(), new ContentStore(home));
  }

  private static final Class<? extends SessionEvent> EVENT = QuestionAnswered.class;

  @Test
  void contentDecryptsAfterARestartOnlyInItsPlace() {
    SessionId id = SessionId.next();
    Content sealed = newSealer().seal(id, EVENT, "answers", "héllo");
    assertThat(sealed).isInstanceOf(Content.Inline.class);
    Sealer restarted = newSealer();
    assertThat(restarted.open(id, EVENT, "answers", sealed)).isEqualTo("héllo");
    assertThat(restarted.open(id, EVENT, "answers", Content.ABSENT)).isEmpty();
    SessionId otherSession = SessionId.next();
    restarted.seal(otherSession, EVENT, "answers", "x");
    assertRejected(() -> restarted.open(otherSession, EVENT, "answers", sealed));
    assertRejected(() -> restarted.open(id, QuestionAsked.class, "answers", sealed));
    assertRejected(() -> restarted.open(id, EVENT, "questions", sealed));
    var inline = (Content.Inline) sealed;
    assertRejected(
        () ->
            restarted.open(
                otherSession,
                EVENT,
                "answers",
                new Content.Inline(otherSession.value(), inline.ciphertext())));
    byte[] flipped = inline.ciphertext().clone();
    flipped[flipped.length - 1] ^= 1;
    assertRejected(
        () -> restarted.open(id, EVENT, "answers", new Content.Inline(id.value(), flipped)));
  }

  private static void assertRejected(Runnable open) {
    assertThatThrownBy(open::run)
        .isInstanceOf(ContentUnavailableException.class)
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.TAMPERED);
  }

  @Test
  void largeContentIsStoredInAFileNamedByItsHash() throws IOException {
    SessionId id = SessionId.next();
    Sealer sealer = newSealer();
    String edge = "x".repeat(Content.INLINE_BYTES_MAX);
    assertThat(sealer.seal(id, EVENT, "answers", edge)).isInstanceOf(Content.Inline.class);
    var stored = (Content.Stored) sealer.seal(id, EVENT, "answers", edge + "canary");
    Path file = home.resolve(stored.sha256().substring(0, 2)).resolve(stored.sha256().substring(2));
    assertThat(Files.size(file)).isEqualTo(stored.sizeBytes());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("canary");
    assertThat(sealer.open(id, EVENT, "answers", stored)).endsWith("canary");

    byte[] bytes = Files.readAllBytes(file);
    bytes[100] ^= 1;
    Files.write(file, bytes);
    assertRejected(() -> sealer.open(id, EVENT, "answers", stored));
    Files.delete(file);
    assertThatThrownBy(() -> sealer.open(id, EVENT, "answers", stored))
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.LOST);
    assertThatThrownBy(
            () ->
                sealer.open(
                    id, EVENT, "answers", new Content.Stored(id.value(), "../../etc/passwd", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doesNotSealContentThatCannotBeStored() throws IOException {
    Sealer sealer =
        new AeadSealer(keyring(), new ContentStore(Files.createFile(home.resolve("full"))));
    assertThatThrownBy(() -> sealer.seal(SessionId.next(), EVENT, "answers", "x".repeat(40_000)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void erasedContentStaysErased() {
    SessionId id = SessionId.next();
    Content sealed = newSealer().seal(id, EVENT, "answers", "gone");
    sql.update("delete from keyring.session_key where key_id = ?", id.value());
    assertThatThrownBy(() -> newSealer().open(id, EVENT, "answers", sealed))
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.ERASED);
    assertThat(keys()).isZero(); // The lookup has not created a key.
  }

  @Test
  void erasedKeyIsNotMadeAgainByAnEventOfALateProcess() {
    SessionId id = SessionId.next();
    newSealer().seal(id, EVENT, "answers", "first");
    Content later = newSealer().withExistingKeys().seal(id, EVENT, "answers", "later");
    assertThat(newSealer().open(id, EVENT, "answers", later)).isEqualTo("later");
    sql.update("delete from keyring.session_key where key_id = ?", id.value());
    Sealer sealer = newSealer().withExistingKeys();
    assertThatThrownBy(() -> sealer.seal(id, EVENT, "answers", "too late"))
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.ERASED);
    assertThat(keys()).isZero();
  }

  @Test
  void destroyedKeyErasesWhatItSealedAndOthersStay() {
    var id = SessionId.next();
    var other = SessionId.next();
    var keyring = keyring();
    var sealer = new SecretSealer(keyring);
    byte[] sealed = sealer.seal(id.value(), new byte[] {1}, "place");
    byte[] kept = sealer.seal(other.value(), new byte[] {2}, "place");
    sealer.destroyKey(id.value());
    sealer.destroyKey(id.value());
    assertThat(keys()).isOne();
    assertThatThrownBy(() -> sealer.open(id.value(), sealed, "place"))
        .extracting(e -> ((ContentUnavailableException) e).reason())
        .isEqualTo(ContentUnavailableException.Reason.ERASED);
    assertThat(sealer.open(other.value(), kept, "place")).containsExactly(2);
  }

  private int keys() {
    return sql.queryForObject("select count(*) from keyring.session_key", Integer.class);
  }

  @Test
  void concurrentKeyCreationYieldsOneKey() throws Exception {
    SessionId id = SessionId.next();
    List<Sealer> nodes = List.of(newSealer(), newSealer(), newSealer(), newSealer());
    List<Future<Content>> sealed = new ArrayList<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Sealer node : nodes)
        for (int i = 0; i < 4; i++)
          sealed.add(executor.submit(() -> node.seal(id, EVENT, "answers", "one key")));
    }
    assertThat(keys()).isEqualTo(1);
    for (Future<Content> content : sealed)
      assertThat(newSealer().open(id, EVENT, "answers", content.get())).isEqualTo("one key");
  }

  @Test
  void sealingDoesNotWaitForTheEventStoresPool() throws Exception {
    List<Connection> all = new ArrayList<>();
    try {
      Sealer sealer = newSealer();
      for (int i = 0; i < 20; i++) all.add(sql.getDataSource().getConnection());
      assertThat(sealer.seal(SessionId.next(), EVENT, "answers", "x")).isNotNull();
    } finally {
      for (Connection connection : all) connection.close();
    }
  }

  @Test
  void masterKeyIsReadableByItsOwnerOnly() throws IOException {
    keyring();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(master)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(master, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void missingMasterKeyIsNotReplacedWhileDataNeedsIt() throws IOException {
    newSealer().seal(SessionId.next(), EVENT, "answers", "x");
    Files.delete(master);
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining(master.toString());
    assertThat(master).doesNotExist();
  }

  @Test
  void rejectsWrongOrDamagedMasterKey() throws IOException {
    newSealer().seal(SessionId.next(), EVENT, "answers", "x");
    Files.delete(master);
    new FileMasterKeySource(master).createKey();
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("not the one");
    Files.writeString(master, "{}");
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("holds no master key");
    Files.delete(master);
    Files.createDirectory(
        master, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    assertThatThrownBy(this::keyring)
        .isInstanceOf(MasterKeyException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void dataKeyIsCommittedEvenIfItsEventIsRolledBack() throws SQLException {
    SessionId id = SessionId.next();
    Sealer sealer = newSealer();
    var transaction = transactions.startTransaction();
    Content sealed = sealer.seal(id, EVENT, "answers", "x");
    transaction.rollback();
    assertThat(sealer.open(id, EVENT, "answers", sealed)).isEqualTo("x");
    try (Connection owner = asOwner();
        Statement statement = owner.createStatement();
        var kept =
            statement.executeQuery(
                "select count(*) from keyring.session_key where key_id = '" + id + "'")) {
      kept.next();
      assertThat(kept.getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void adoptsDataKeysFromBeforeNamedMasterKeys() {
    SessionId id = SessionId.next();
    Content sealed = newSealer().seal(id, EVENT, "answers", "of old");
    sql.update("update keyring.session_key set master = null");
    sql.update("delete from keyring.master_key");
    assertThat(newSealer().open(id, EVENT, "answers", sealed)).isEqualTo("of old");
    assertThat(
            sql.queryForObject(
                "select count(*) from keyring.session_key where master is null", Integer.class))
        .isZero();
  }
}
