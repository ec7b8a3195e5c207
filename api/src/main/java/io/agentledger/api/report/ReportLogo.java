package io.agentledger.api.report;

import java.util.Base64;

/**
 * Logo on the cover of reports.
 *
 * @param mediaType {@code image/png} or {@code image/jpeg}
 * @param data the image, in base64
 */
public record ReportLogo(String mediaType, String data) {
  /** Maximum size of the image. */
  public static final int BYTES_MAX = 256 * 1024;

  /** Maximum width and height. */
  public static final int SIDE_MAX = 2_000;

  /** Returns the bytes of the image. */
  public byte[] bytes() {
    return Base64.getDecoder().decode(data);
  }
}
