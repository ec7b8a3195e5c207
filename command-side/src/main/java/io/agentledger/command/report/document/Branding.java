package io.agentledger.command.report.document;

import io.agentledger.api.report.ReportLogo;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks of a tenant's documents.
 *
 * @param organization on the cover, in place of the name of the service; empty: none
 * @param footer at the end of each page; empty: none
 * @param accentColor as {@code #1f5a96}; empty: the default
 */
public record Branding(
    String organization, String footer, String accentColor, @Nullable ReportLogo logo) {
  public static final Branding NONE = new Branding("", "", "", null);

  private static final Pattern COLOR = Pattern.compile("#[0-9a-f]{6}");

  public Branding {
    if (!accentColor.isEmpty() && !COLOR.matcher(accentColor).matches())
      throw new IllegalArgumentException("not a color"); // It becomes part of a stylesheet.
  }
}
