package io.agentledger.command.flow.repository;

import io.agentledger.command.flow.provider.ProviderRefusedException;
import java.util.Locale;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectChecker;

/**
 * Rules for files that a session added, changed or deleted. A violation refuses the publication as
 * a whole, because a part of a change may be worse than none.
 */
final class ChangeRules {
  private static final String WORKFLOWS = ".github/workflows";
  private static final int SHOWN_LENGTH_MAX = 200;

  private final PublishingSettings settings;
  private final ObjectChecker names =
      new ObjectChecker().setSafeForWindows(true).setSafeForMacOS(true);

  private int count;

  ChangeRules(PublishingSettings settings) {
    this.settings = settings;
  }

  /** Checks the path of a changed file, which may be deleted. */
  void checkPath(String path) {
    if (++count > settings.filesMax())
      throw new ProviderRefusedException(
          "The session changed more than "
              + settings.filesMax()
              + " files; agentledger.publishing.files-max permits more. Are build results missing"
              + " in .gitignore?");
    var lower = path.toLowerCase(Locale.ROOT);
    if (!settings.allowWorkflows()
        && (lower.equals(".github") || (lower + "/").startsWith(WORKFLOWS + "/")))
      throw refusal(
          path,
          "is executed by GitHub with the repository's secrets;"
              + " agentledger.publishing.allow-workflows permits changes");
    if (lower.equals(Constants.DOT_GIT_MODULES))
      throw refusal(path, "defines submodules, which sessions must not change");
  }

  /** Checks the name of a file that is not deleted. */
  void checkName(String path) {
    try {
      names.checkPath(path);
    } catch (CorruptObjectException e) {
      throw refusal(path, "has a name that git does not check out on every system");
    }
  }

  void checkSize(String path, long bytes) {
    if (bytes > settings.fileBytesMax().toBytes())
      throw refusal(
          path,
          "is larger than "
              + settings.fileBytesMax()
              + "; agentledger.publishing.file-bytes-max permits up to 100MB");
  }

  /**
   * Checks that a link leads to a place in the repository. A target may go up only at its begin:
   * after another link, {@code ..} would lead to a place that its text does not tell.
   */
  void checkLink(String path, String target) {
    int folders = path.split("/").length - 1;
    boolean inside = !target.startsWith("/") && !target.isEmpty() && target.indexOf('\0') < 0;
    boolean isDown = false;
    for (var step : target.split("/")) {
      if (step.isEmpty() || step.equals(".")) continue;
      if (!step.equals("..")) {
        isDown = true;
        inside &= isOrdinary(step);
      } else inside &= !isDown && --folders >= 0;
    }
    if (!inside) throw refusal(path, "is a link that leads out of the repository");
  }

  /** Returns whether a name is none of those that some system reads as {@code .git} or a path. */
  private boolean isOrdinary(String name) {
    try {
      names.checkPath(name);
      return name.indexOf('\\') < 0;
    } catch (CorruptObjectException e) {
      return false;
    }
  }

  static ProviderRefusedException refusal(String path, String reason) {
    var shown = path.replaceAll("[^\\x20-\\x7e]", "?");
    if (shown.length() > SHOWN_LENGTH_MAX) shown = shown.substring(0, SHOWN_LENGTH_MAX) + "...";
    return new ProviderRefusedException("The changed file " + shown + " " + reason + ".");
  }
}
