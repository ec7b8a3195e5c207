package io.agentledger.store.crypto;

import io.agentledger.api.shared.Id;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Stores bytes of a session that are not part of an event, compressed and sealed under its key, in
 * the content store. Reading needs the name and the session's key; erasing the key erases the
 * bytes.
 */
public final class SealedBlobStore {
  /** Largest number of bytes under one name. */
  public static final int BYTES_MAX = 256 * 1024 * 1024;

  private static final int BUFFER = 64 * 1024;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;
  private static final int HEAD = 1 + Integer.BYTES;

  private final SecretSealer secretSealer;
  private final ContentStore store;

  public SealedBlobStore(SecretSealer secretSealer, ContentStore store) {
    this.secretSealer = secretSealer;
    this.store = store;
  }

  /**
   * Name and size of a stored blob.
   *
   * @param name SHA-256 of the ciphertext in hex
   * @param bytes size on the disk
   */
  public record StoredBlob(String name, long bytes) {}

  /**
   * Stores bytes.
   *
   * @param purpose authenticated with the bytes: reading needs the same purpose
   */
  public StoredBlob put(Id subject, String purpose, byte[] plain) {
    if (plain.length > BYTES_MAX)
      throw new IllegalArgumentException(purpose + " has " + plain.length + " bytes");
    byte[] sealed =
        secretSealer.seal(subject.value(), compress(plain), associatedData(subject, purpose));
    return new StoredBlob(store.put(sealed), sealed.length);
  }

  /** Returns the bytes that were stored under that name for that purpose. */
  public byte[] get(Id subject, String purpose, String name) {
    return decompress(
        secretSealer.open(subject.value(), store.get(name), associatedData(subject, purpose)));
  }

  /** Deletes bytes that nothing references; each call of {@link #put} has its own. */
  public void delete(String name) {
    store.delete(name);
  }

  /** Destroys the key of a subject, and with it all that it sealed. Idempotent. */
  public void destroyKey(Id subject) {
    secretSealer.destroyKey(subject.value());
  }

  private static String associatedData(Id subject, String purpose) {
    return subject.value() + "/bytes/" + purpose;
  }

  private static byte[] compress(byte[] plain) {
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(plain);
      deflater.finish();
      var out = new ByteArrayOutputStream(Math.max(BUFFER, plain.length / 2));
      var buffer = new byte[BUFFER];
      while (!deflater.finished()) out.write(buffer, 0, deflater.deflate(buffer));
      boolean smaller = out.size() < plain.length;
      byte[] body = smaller ? out.toByteArray() : plain;
      return ByteBuffer.allocate(HEAD + body.length)
          .put(smaller ? DEFLATED : PLAIN)
          .putInt(plain.length)
          .put(body)
          .array();
    } finally {
      deflater.end();
    }
  }

  private static byte[] decompress(byte[] packed) {
    if (packed[0] == PLAIN) return Arrays.copyOfRange(packed, HEAD, packed.length);
    var plain = new byte[ByteBuffer.wrap(packed).getInt(1)];
    var inflater = new Inflater();
    try {
      inflater.setInput(packed, HEAD, packed.length - HEAD);
      int filled = 0;
      while (filled < plain.length) {
        int delta = inflater.inflate(plain, filled, plain.length - filled);
        if (delta == 0) throw new IllegalStateException("sealed bytes end too early");
        filled += delta;
      }
      return plain;
    } catch (DataFormatException e) {
      throw new IllegalStateException("sealed bytes cannot be unpacked", e);
    } finally {
      inflater.end();
    }
  }
}
