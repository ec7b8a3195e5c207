package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.StableNames;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Seals with AES-256-GCM under the subject's key; subject, event and field are authenticated data.
 * Small content is stored in the event, larger content in the content store.
 */
public final class AeadSealer implements Sealer {
  /** Largest text, in bytes of UTF-8. */
  public static final int BYTES_MAX = 256 * 1024 * 1024;

  /**
   * Threads that seal small content for virtual threads. Tink has a random number generator per
   * thread, and searches the class path for a provider at the first use in each.
   */
  private static final Executor SEALING =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name("sealing-", 0).factory());

  private final DataKeyring keyring;
  private final ContentStore store;
  private final Function<String, Aead> sealingKeys;

  public AeadSealer(DataKeyring keyring, ContentStore store) {
    this(keyring, store, keyring::findOrCreateAead);
  }

  private AeadSealer(DataKeyring keyring, ContentStore store, Function<String, Aead> sealingKeys) {
    this.keyring = keyring;
    this.store = store;
    this.sealingKeys = sealingKeys;
  }

  @Override
  public Sealer withExistingKeys() {
    return new AeadSealer(keyring, store, keyring::findAead);
  }

  @Override
  public Content seal(Id subject, Class<?> event, String field, String text) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    if (plain.length > BYTES_MAX)
      throw new IllegalArgumentException(
          field + " has " + plain.length + " bytes, " + BYTES_MAX + " are allowed");
    String keyId = subject.value();
    Aead key = sealingKeys.apply(keyId);
    byte[] associatedData = associatedData(subject, event, field);
    boolean small = plain.length <= Content.INLINE_BYTES_MAX;
    byte[] sealed =
        small && Thread.currentThread().isVirtual()
            ? CompletableFuture.supplyAsync(() -> encrypt(key, plain, associatedData), SEALING)
                .join()
            : encrypt(key, plain, associatedData);
    return small
        ? new Content.Inline(keyId, sealed)
        : new Content.Stored(keyId, store.put(sealed), sealed.length);
  }

  private static byte[] encrypt(Aead key, byte[] plain, byte[] associatedData) {
    try {
      return key.encrypt(plain, associatedData);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal", e);
    }
  }

  @Override
  public void prepare(Collection<? extends Id> subjects) {
    keyring.cacheAll(subjects.stream().map(Id::value).toList());
  }

  @Override
  public String open(Id subject, Class<?> event, String field, Content content) {
    byte[] associatedData = associatedData(subject, event, field);
    return switch (content) {
      case Content.Absent() -> "";
      case Content.Inline(String keyId, byte[] ciphertext) ->
          decrypt(keyId, ciphertext, associatedData);
      case Content.Stored(String keyId, String sha256, long size) ->
          decrypt(keyId, store.get(sha256), associatedData);
    };
  }

  private String decrypt(String keyId, byte[] sealed, byte[] associatedData) {
    try {
      return new String(
          keyring.findAead(keyId).decrypt(sealed, associatedData), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new ContentUnavailableException(
          ContentUnavailableException.Reason.TAMPERED,
          "content was tampered with or does not belong to "
              + new String(associatedData, StandardCharsets.UTF_8),
          e);
    }
  }

  private static byte[] associatedData(Id subject, Class<?> event, String field) {
    return (subject.value() + '/' + StableNames.of(event) + '/' + field)
        .getBytes(StandardCharsets.UTF_8);
  }
}
