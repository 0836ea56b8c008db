// A photo of a phone is made smaller before it is sent: less to send, and where it was taken stays on the phone.
const LONGEST = 2048, SMALL_BYTES = 600_000;

export async function shrink(file) {
  if (!["image/jpeg", "image/png", "image/webp", "image/avif"].includes(file.type)) return file;
  let image;
  try { image = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return file; }
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  if (scale === 1 && file.size <= SMALL_BYTES) return file;
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.87));
  return made && made.size < file.size ? made : file;
}
