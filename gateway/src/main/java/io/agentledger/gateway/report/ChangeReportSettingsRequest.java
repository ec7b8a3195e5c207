package io.agentledger.gateway.report;

import io.agentledger.api.report.ReportLogo;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportType;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * All report settings of a tenant; what is omitted gets its default.
 *
 * @param organization on the cover and in the header
 * @param footer line at the end of each page
 * @param accentColor as #1f5a96, dark enough to be read on white
 * @param retention days that reports of a type are kept after their end; others are kept until they
 *     are deleted
 */
record ChangeReportSettingsRequest(
    @Nullable
        @Size(
            max = ReportSettings.ORGANIZATION_LENGTH_MAX,
            message = "must be at most 100 characters")
        @SafeText
        String organization,
    @Nullable
        @Size(max = ReportSettings.FOOTER_LENGTH_MAX, message = "must be at most 200 characters")
        @SafeText
        String footer,
    @Nullable @Pattern(regexp = "#[0-9a-fA-F]{6}", message = "must be a color such as #1f5a96")
        String accentColor,
    @Nullable @Valid LogoRequest logo,
    @Nullable @Size(max = 6, message = "must be at most one for each type")
        List<@NotNull(message = "must be an object") @Valid RetentionRequest> retention) {
  /** Of the WCAG, for text: level AA. */
  private static final double CONTRAST_MIN = 4.5;

  /**
   * Logo on the cover.
   *
   * @param mediaType image/png or image/jpeg
   * @param data the image in base64: at most 256 KiB, 2000 pixels wide and high
   */
  record LogoRequest(
      @NotNull(message = "must be image/png or image/jpeg") String mediaType,
      @NotNull(message = "is required") String data) {}

  /**
   * Retention of the reports of a type.
   *
   * @param days after the end of a report
   */
  record RetentionRequest(
      @NotNull(message = "must be a type of report") ReportType type,
      @NotNull(message = "is required")
          @Range(min = 1, max = ReportSettings.RETENTION_DAYS_MAX, message = "must be 1 to 3660")
          Integer days) {}

  ReportSettings toSettings() {
    var rules = Objects.requireNonNullElse(retention, List.<RetentionRequest>of());
    var types = EnumSet.noneOf(ReportType.class);
    for (int i = 0; i < rules.size(); i++)
      if (!types.add(rules.get(i).type()))
        throw InvalidRequestException.body(
            "/retention/" + i + "/type", "must be another type than those before");
    return new ReportSettings(
        organization == null ? "" : organization.strip(),
        footer == null ? "" : footer.strip(),
        color(),
        rules.stream()
            .map(rule -> new ReportSettings.Retention(rule.type(), rule.days()))
            .toList());
  }

  private String color() {
    if (accentColor == null) return "";
    if (contrastToWhite(Color.decode(accentColor)) < CONTRAST_MIN)
      throw InvalidRequestException.body(
          "/accent_color",
          "must be darker: text in it needs a contrast of at least 4.5 to 1 on white");
    return accentColor.toLowerCase(Locale.ROOT);
  }

  /** Returns the contrast ratio of the WCAG 2. */
  private static double contrastToWhite(Color color) {
    double luminance =
        0.2126 * linear(color.getRed())
            + 0.7152 * linear(color.getGreen())
            + 0.0722 * linear(color.getBlue());
    return 1.05 / (luminance + 0.05);
  }

  private static double linear(int component) {
    double value = component / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  @Nullable ReportLogo toLogo() {
    if (logo == null) return null;
    var format = logo.mediaType().equals("image/png") ? "png" : "jpeg";
    if (!logo.mediaType().equals("image/" + format))
      throw InvalidRequestException.body("/logo/media_type", "must be image/png or image/jpeg");
    if (logo.data().length() > Math.ceilDiv(ReportLogo.BYTES_MAX, 3) * 4
        || !isImage(logo.data(), format))
      throw InvalidRequestException.body(
          "/logo/data",
          "must be a "
              + format.toUpperCase(Locale.ROOT)
              + " image in base64 of at most 256 KiB, and 2000 pixels wide and high");
    return new ReportLogo(logo.mediaType(), logo.data());
  }

  /** Returns whether the data can be decoded, within the limits. */
  private static boolean isImage(String data, String format) {
    try (var input =
        new MemoryCacheImageInputStream(
            new ByteArrayInputStream(Base64.getDecoder().decode(data)))) {
      var reader = ImageIO.getImageReadersByFormatName(format).next();
      try {
        reader.setInput(input, true, true);
        if (reader.getWidth(0) > ReportLogo.SIDE_MAX || reader.getHeight(0) > ReportLogo.SIDE_MAX)
          return false;
        reader.read(0);
        return true;
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException exception) { // Readers throw many kinds.
      return false;
    }
  }
}
