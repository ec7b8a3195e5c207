package io.agentledger.command.channel.platform;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Body of a request with fields and files ({@code multipart/form-data}). Not thread-safe. */
public final class MultipartBody {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BOUNDARY_BYTES = 24;

  private final String boundary = boundary();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private static String boundary() {
    var random = new byte[BOUNDARY_BYTES];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  public String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /**
   * @param name constant of the platform
   */
  public MultipartBody field(String name, String value) {
    begin(name, "");
    write("\r\n" + value + "\r\n");
    return this;
  }

  public MultipartBody file(String name, MediaContent content) {
    var fileName = content.name().replaceAll("[\\p{Cntrl}\"\\\\]", "_");
    begin(name, "; filename=\"" + fileName + "\"");
    write("Content-Type: " + content.mediaType() + "\r\n\r\n");
    bytes.writeBytes(content.bytes());
    write("\r\n");
    return this;
  }

  private void begin(String name, String more) {
    write("--" + boundary + "\r\n");
    write("Content-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n");
  }

  private void write(String text) {
    bytes.writeBytes(Hmac.utf8(text));
  }

  /** Ends the body and returns it. */
  public byte[] toBytes() {
    write("--" + boundary + "--\r\n");
    return bytes.toByteArray();
  }
}
