// Texts whose contrast is below WCAG 2.2 AA (https://www.w3.org/TR/WCAG22/#contrast-minimum), and what is drawn below 3:1.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const background = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const { rgb, alpha } = rgba(getComputedStyle(each).backgroundColor);
      if (alpha === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const weak = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, style, option")) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const color = element instanceof SVGElement ? style.fill : style.color;
    const found = ratio(rgba(color).rgb, background(element));
    if (found < (large ? 3 : 4.5)) weak.push(`${found.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  for (const key of document.querySelectorAll(".key")) {
    const found = ratio(rgba(getComputedStyle(key).color).rgb, background(key));
    if (found < 3) weak.push(`${found.toFixed(2)} key ${key.getAttribute("class")}`);
  }
  return { texts, weak: [...new Set(weak)] };
};
