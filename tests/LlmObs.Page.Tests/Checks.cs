namespace LlmObs.Page.Tests;

/// <summary>Checks of accessibility, as functions of JavaScript that list what is wrong. Source: WCAG 2.2, level AA.</summary>
internal static class Checks
{
    /// <summary>Texts whose contrast is below 4.5 to 1, or 3 to 1 for large ones.</summary>
    public const string Contrast = """
        () => {
          const read = text => text.match(/[\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map(value => value / 255)
            .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
            .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
          const behind = element => {
            for (let it = element; it; it = it.parentElement) {
              const color = read(getComputedStyle(it).backgroundColor);
              if (color.length === 3 || color[3] > 0) {
                return color;
              }
            }
            return read(getComputedStyle(document.documentElement).getPropertyValue('--page') === '#ffffff' ? '255 255 255' : '0 0 0');
          };
          const wrong = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ visibilityProperty: true }) || ['SCRIPT', 'STYLE', 'OPTION'].includes(element.tagName)) {
              continue;
            }
            const style = getComputedStyle(element);
            const ink = read(element.closest('svg') ? style.fill : style.color);
            const [light, dark] = [luminance(ink), luminance(behind(element))].sort((a, b) => b - a);
            const ratio = (light + 0.05) / (dark + 0.05);
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (ratio < (isLarge ? 3 : 4.5)) {
              wrong.push(`${element.tagName} ${element.className.baseVal ?? element.className}: ${walker.currentNode.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
            }
          }
          return [...new Set(wrong)];
        }
        """;

    /// <summary>Controls and pictures without a name, ids that come twice, headings that leave out a level, references to nothing.</summary>
    public const string Names = """
        () => {
          const wrong = [];
          const seen = new Set();
          for (const element of document.querySelectorAll('[id]')) {
            if (seen.has(element.id)) {
              wrong.push(`id ${element.id} comes twice`);
            }
            seen.add(element.id);
          }
          for (const element of document.querySelectorAll('input, select, button, a, summary')) {
            const name = element.ariaLabel || element.textContent.trim() || [...element.labels ?? []].map(label => label.textContent.trim()).join('');
            if (!name) {
              wrong.push(`${element.outerHTML.slice(0, 60)} has no name`);
            }
          }
          for (const element of document.querySelectorAll('svg, img')) {
            if (!element.getAttribute('aria-label') || element.getAttribute('role') !== 'img') {
              wrong.push('a picture has no name');
            }
          }
          for (const element of document.querySelectorAll('[aria-labelledby]')) {
            if (!document.getElementById(element.getAttribute('aria-labelledby'))?.textContent) {
              wrong.push(`${element.tagName} is named by nothing`);
            }
          }
          for (const element of document.querySelectorAll('*')) {
            const style = getComputedStyle(element);
            if (['auto', 'scroll'].includes(style.overflowY) && element.scrollHeight > element.clientHeight && element.tabIndex < 0 && element.tagName !== 'DIALOG' && element !== document.documentElement) {
              wrong.push(`${element.tagName} scrolls, and the keyboard does not reach it`);
            }
          }
          let level = 0;
          for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
            const next = Number(heading.tagName[1]);
            if (next > level + 1) {
              wrong.push(`${heading.tagName} ${heading.textContent} after h${level}`);
            }
            level = next;
          }
          if (!document.documentElement.lang || !document.title || document.querySelectorAll('main').length !== 1) {
            wrong.push('language, title or main is missing');
          }
          return wrong;
        }
        """;
}
