package io.agentledger.command.report.render;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Untrusted image, decoded within limits. An image that the JDK cannot decode, for example WebP, is
 * treated as a broken one.
 */
final class RasterImage {
  private static final Set<String> MEDIA_TYPES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
  private static final int MAX_BYTES = 20 << 20;
  private static final long MAX_PIXELS = 40_000_000;

  /** Of the printed width: more would only make the file larger. */
  private static final int MAX_SIDE = 1_400;

  private RasterImage() {}

  static boolean isSupported(String mediaType) {
    return MEDIA_TYPES.contains(mediaType);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the first frame as an opaque PNG of moderate size, or null if it is not decodable. */
  static @Nullable Png toPng(byte[] bytes) {
    if (bytes.length > MAX_BYTES) return null;
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      var readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) return null;
      var reader = readers.next();
      try {
        reader.setInput(input, true, true);
        return png(reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) { // Readers throw many kinds for broken images.
      return null;
    }
  }

  private static @Nullable Png png(ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if (width <= 0 || height <= 0 || (long) width * height > MAX_PIXELS) return null;
    var parameters = reader.getDefaultReadParam();
    int step = Math.max(1, (Math.max(width, height) + MAX_SIDE - 1) / MAX_SIDE);
    parameters.setSourceSubsampling(step, step, 0, 0);
    var decoded = reader.read(0, parameters);
    var opaque =
        new BufferedImage(decoded.getWidth(), decoded.getHeight(), BufferedImage.TYPE_INT_RGB);
    var graphics = opaque.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, opaque.getWidth(), opaque.getHeight());
    graphics.drawImage(decoded, 0, 0, null);
    graphics.dispose();
    var png = new ByteArrayOutputStream();
    ImageIO.write(opaque, "png", png);
    return new Png(png.toByteArray(), opaque.getWidth(), opaque.getHeight());
  }

  /** Decoded image. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Png(byte[] bytes, int width, int height) {}
}
