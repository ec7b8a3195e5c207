package io.agentledger.command.report.render;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.taggedpdf.StandardStructureTypes;
import org.jspecify.annotations.Nullable;

/**
 * Logical structure of a PDF document whose parts are laid out one after the other. The layout
 * gives each part a structure tree of its own, with numbers from zero; they become parts of one
 * tree (ISO 32000-1, 14.7).
 */
final class PdfTags {
  private final PDDocument document;
  private final COSArray parts = new COSArray();
  private final COSDictionary whole =
      new PDStructureElement(StandardStructureTypes.DOCUMENT, null).getCOSObject();
  private final COSArray parents = new COSArray();
  private @Nullable COSDictionary root;
  private int next;

  PdfTags(PDDocument document) {
    this.document = document;
  }

  /**
   * Moves the tree of the last part from the catalog into the common one.
   *
   * @param pages pages of the part
   * @param first whether the part comes before all others
   */
  void collect(List<PDPage> pages, boolean first) {
    var part = document.getDocumentCatalog().getStructureTreeRoot();
    if (part == null) return;
    document.getDocumentCatalog().setStructureTreeRoot(null);
    var tree = part.getCOSObject();
    if (root == null) root = tree;
    var element = (COSDictionary) tree.getDictionaryObject(COSName.K);
    element.setName(COSName.S, StandardStructureTypes.PART);
    element.setItem(COSName.P, whole);
    if (first) parts.add(0, element);
    else parts.add(element);
    var numbers = tree.getCOSDictionary(COSName.PARENT_TREE).getCOSArray(COSName.NUMS);
    for (int i = 0; i < numbers.size(); i += 2) {
      parents.add(COSInteger.get(next + numbers.getInt(i)));
      parents.add(numbers.get(i + 1));
    }
    for (var page : pages) {
      renumber(page.getCOSObject(), COSName.STRUCT_PARENTS);
      for (var annotation : annotations(page)) renumber(annotation, COSName.STRUCT_PARENT);
    }
    next += part.getParentTreeNextKey();
  }

  private void renumber(COSDictionary object, COSName key) {
    if (object.containsKey(key)) object.setInt(key, next + object.getInt(key));
  }

  /** Writes the common tree into the catalog. */
  void finish() {
    if (root == null) return;
    var parentTree = new COSDictionary();
    parentTree.setItem(COSName.NUMS, parents);
    whole.setItem(COSName.K, parts);
    whole.setItem(COSName.P, root);
    root.setItem(COSName.K, whole);
    root.setItem(COSName.PARENT_TREE, parentTree);
    root.setInt(COSName.PARENT_TREE_NEXT_KEY, next);
    document.getDocumentCatalog().getCOSObject().setItem(COSName.STRUCT_TREE_ROOT, root);
  }

  private static List<COSDictionary> annotations(PDPage page) {
    var annotations = page.getCOSObject().getCOSArray(COSName.ANNOTS);
    if (annotations == null) return List.of();
    return IntStream.range(0, annotations.size())
        .mapToObj(annotations::getObject)
        .map(COSDictionary.class::cast)
        .toList();
  }
}
