package io.agentledger.gateway.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * First sentences of the sources' Javadoc: of types by their full name with dots, of packages by
 * theirs, of methods as {@code type#name}, and descriptions of parameters of types as {@code
 * type(name)}. Parsed by the compiler.
 */
final class JavadocSentences {
  private final TreeMap<String, String> sentences = new TreeMap<>();

  private JavadocSentences() {}

  static JavadocSentences of(Path repository, List<String> modules) {
    var files = new ArrayList<Path>();
    for (var module : modules) files.addAll(sources(repository.resolve(module + "/src/main/java")));
    var sentences = new JavadocSentences();
    if (!files.isEmpty()) sentences.read(files);
    return sentences;
  }

  private static List<Path> sources(Path root) {
    try (var files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(List<Path> files) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, null, null, null, units);
      var comments = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) new Reader(comments).scan(unit, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the sentence; empty if there is none. */
  String sentenceOf(String name) {
    return sentences.getOrDefault(name, "");
  }

  private final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees comments;

    Reader(DocTrees comments) {
      this.comments = comments;
    }

    @Override
    public @Nullable Void visitPackage(
        com.sun.source.tree.PackageTree tree, @Nullable Void ignored) {
      putSentence(tree.getPackageName().toString());
      return super.visitPackage(tree, ignored);
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void ignored) {
      putSentence(name(getCurrentPath()));
      return super.visitClass(tree, ignored);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void ignored) {
      putSentence(name(getCurrentPath().getParentPath()) + "#" + tree.getName());
      return super.visitMethod(tree, ignored);
    }

    private void putSentence(String name) {
      DocCommentTree comment = comments.getDocCommentTree(getCurrentPath());
      if (comment == null) return;
      var text = new StringBuilder();
      comment.getFirstSentence().forEach(text::append);
      sentences.putIfAbsent(name, plain(text.toString()));
      if (getCurrentPath().getLeaf() instanceof ClassTree) putParameters(name, comment);
    }

    private void putParameters(String type, DocCommentTree comment) {
      for (var tag : comment.getBlockTags())
        if (tag instanceof ParamTree parameter) {
          var text = new StringBuilder();
          parameter.getDescription().forEach(text::append);
          sentences.put(type + "(" + parameter.getName() + ")", plain(text.toString()));
        }
    }

    private String name(TreePath path) {
      var names = new ArrayList<String>();
      for (Tree tree : path)
        if (tree instanceof ClassTree type) names.addFirst(type.getSimpleName().toString());
      var unit = path.getCompilationUnit().getPackageName();
      return unit + "." + String.join(".", names);
    }
  }

  /** Converts Javadoc to Markdown for a table cell: names in quotes, one line. */
  private static String plain(String javadoc) {
    return javadoc
        .replaceAll("\\{@code\\s+([^}]*)}", "`$1`")
        .replaceAll("\\{@link\\s+(?:[^}\\s]*[.#])?([^}\\s]+)(?:\\s+[^}]*)?}", "`$1`")
        .replaceAll("\\s+", " ")
        .replace("|", "\\|")
        .strip();
  }
}
